import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { geoArea, geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import { expect, it } from "vitest";

const text = readFileSync(new URL("../public/world.json", import.meta.url), "utf8");
const world = JSON.parse(text);
const shapes = (feature(world, world.objects.countries) as unknown as GeoJSON.FeatureCollection).features;

it("has every shape of the source, France in two, each with a code of its own", () => {
  expect(shapes).toHaveLength(242);
  expect(new Set(shapes.map((one) => one.id)).size).toBe(242);
  for (const one of shapes) expect(String(one.id)).toMatch(/^[A-Z]{3}$/);
});

it("has no ring turned inside out: none covers half the globe", () => {
  for (const one of shapes) expect(geoArea(one), String(one.id)).toBeLessThan(2 * Math.PI);
});

// Antarctica goes round the pole; the islands of Kiribati lie on both sides of the edge.
it("has, turned by 11 degrees, no shape as wide as the map", () => {
  const path = geoPath(geoEqualEarth().rotate([-11, 0]).fitSize([900, 440], { type: "Sphere" }));
  for (const one of shapes) {
    const [[x0], [x1]] = path.bounds(one);
    if (!["ATA", "KIR"].includes(String(one.id))) expect(x1 - x0, String(one.id)).toBeLessThan(900 * 0.95);
  }
});

it("is small", () => {
  expect(gzipSync(text).length).toBeLessThan(65_000);
});
