// Builds the page's world file, once, from Natural Earth 1:50 million (public domain, by way of the package world-atlas).
//
//   npm run world
//
// Simplified with topojson-simplify: mapshaper, on the quantised file, turned two rings inside out, and d3 then painted
// the whole globe. Ids of the source are neither unique nor complete, so every shape gets a code of its own here: ISO
// 3166-1 alpha-3 where there is one, a made-up code (X..) where there is none. Overseas parts of France are a shape of
// their own: they are not coloured with the country's number.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { presimplify, quantile, simplify, sphericalTriangleArea } from "topojson-simplify";
import { feature, quantize } from "topojson-client";
import { geoCentroid } from "d3-geo";

const require = createRequire(import.meta.url);
const { numericToAlpha3 } = require("i18n-iso-countries");
const KEEP = 0.2;
const NO_ISO = { Somaliland: "XSO", Kosovo: "XKX", "N. Cyprus": "XNC", "Indian Ocean Ter.": "XIO", "Siachen Glacier": "XSG", "Ashmore and Cartier Is.": "XAC" };
const OUT = new URL("../public/world.json", import.meta.url);

const source = JSON.parse(readFileSync(require.resolve("world-atlas/countries-50m.json"), "utf8"));
function code(shape) {
  return NO_ISO[shape.properties.name] ?? numericToAlpha3(shape.id) ?? fail(shape.properties.name);
}

function fail(name) {
  throw new Error(`no code for the shape ${name}: add it to NO_ISO`);
}

/** France as two shapes: the one in Europe, and the rest. */
function split(shape) {
  if (shape.id !== "250") return [shape];
  const parts = shape.arcs.map((arcs) => ({ type: "Polygon", arcs }));
  const european = (part) => {
    const [x, y] = geoCentroid(feature(source, part));
    return x > -10 && x < 12 && y > 40 && y < 52;
  };
  const make = (id, name, ones) => ({ type: "MultiPolygon", arcs: ones.map((one) => one.arcs), id, properties: { name } });
  return [
    make("250", "France", parts.filter(european)),
    make("XFR", "France, overseas", parts.filter((part) => !european(part))),
  ];
}

const shapes = source.objects.countries.geometries.flatMap(split).map((shape) => {
  const id = shape.id === "XFR" ? "XFR" : code(shape);
  return { type: shape.type, arcs: shape.arcs, id, properties: { name: shape.properties.name } };
});
const topology = { type: "Topology", arcs: source.arcs, transform: source.transform, objects: { countries: { type: "GeometryCollection", geometries: shapes } } };
const weighted = presimplify(topology, sphericalTriangleArea);
const small = quantize(simplify(weighted, quantile(weighted, KEEP)), 1e4);
const text = JSON.stringify(small);
writeFileSync(OUT, text);
console.log(`${shapes.length} shapes, ${Math.round(text.length / 1000)} kB, ${Math.round(gzipSync(text).length / 1000)} kB gzipped`);
