/** A class map: colour by fixed cuts, hatched where a range is too wide for one class, circles for small countries. */
import { geoEqualEarth, geoPath, type GeoPermissibleObjects } from "d3-geo";
import type { Feature, FeatureCollection } from "geojson";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { classOf, tooWide } from "../core/layout";
import { t } from "../core/strings";
import theme, { MAP } from "../core/theme";

export interface Placed {
  code: string;
  name: string;
  value: number;
  low: number;
  high: number;
  text: string;
}

let world: Promise<Feature[]> | null = null;

/** The shapes, fetched once, when the first map is shown. */
export function useWorld(): Feature[] | null {
  const [shapes, put] = useState<Feature[] | null>(null);
  useEffect(() => {
    world ??= fetch("world.json", { credentials: "omit" })
      .then((response) => response.json() as Promise<Topology<{ countries: GeometryCollection }>>)
      .then((file) => (feature(file, file.objects.countries) as unknown as FeatureCollection).features.filter((one) => one.id !== "ATA"));
    void world.then(put);
  }, []);
  return shapes;
}

/** A country whose shape is smaller than this (in square pixels) is drawn as a circle too. */
const SMALL = 22;
const ALIKE: Record<string, string> = { PSX: "PSE", KOS: "XKX" };

interface Props {
  shapes: Feature[];
  places: Placed[];
  cuts: readonly number[];
  active: string;
  onPick: (code: string) => void;
  onHover: (code: string) => void;
  /** Countries of the theatre, where people come from rather than go to. */
  theatre: string[];
  unit: string;
}

export function drawMap(props: Props, width: number): { height: number; body: JSX.Element } {
  const high = Math.round(width * 0.44);
  const legend = width < 620 ? 66 : 44;
  const projection = geoEqualEarth().rotate([-11, 0]).fitExtent([[2, 2], [width - 2, high - 2]], frame(props.shapes));
  const path = geoPath(projection).digits(1);
  const of = new Map(props.places.map((one) => [one.code, one]));
  const fill = (one: Placed) => MAP[classOf(one.value, props.cuts)]!;
  const shown = props.shapes.map((shape) => {
    const code = ALIKE[String(shape.id)] ?? String(shape.id);
    return { shape, code, place: of.get(code), line: path(shape as GeoPermissibleObjects) ?? "" };
  });
  const small = shown.filter((one) => one.place && path.area(one.shape as GeoPermissibleObjects) < SMALL);
  const events = (code: string) => ({ onClick: () => props.onPick(code), onPointerEnter: () => props.onHover(code) });
  return {
    height: high + legend,
    body: (
      <g>
        <defs>
          <pattern id="map-wide" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="5" stroke="#ffffff" stroke-opacity="0.75" stroke-width="1.6" />
          </pattern>
          <pattern id="map-none" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
            <rect width="4" height="4" fill="#f4f4f2" />
            <line x1="0" y1="0" x2="0" y2="4" stroke="#d9dcdf" stroke-width="1" />
          </pattern>
        </defs>
        <rect width={width} height={high} fill={theme.paper} />
        {shown.map(({ code, place, line }) => (
          <path
            key={code} d={line} fill={place ? fill(place) : props.theatre.includes(code) ? "#e7e2d8" : "url(#map-none)"}
            stroke="#ffffff" stroke-width="0.6" {...(place ? { ...events(code), style: { cursor: "pointer" } } : {})}
          />
        ))}
        {shown.map(({ code, place, line }) => place && tooWide(place.low, place.high, props.cuts) && (
          <path key={code} d={line} fill="url(#map-wide)" pointer-events="none" />
        ))}
        {small.map(({ code, place, shape }) => {
          const [x, y] = path.centroid(shape as GeoPermissibleObjects);
          return <circle key={code} cx={x} cy={y} r={3.6} fill={fill(place!)} stroke={theme.muted} stroke-width="0.7" {...events(code)} style={{ cursor: "pointer" }} />;
        })}
        {shown.map(({ code, line }) => code === props.active && <path key={code} d={line} fill="none" stroke={theme.focus} stroke-width="2" pointer-events="none" />)}
        <Legend cuts={props.cuts} y={high + 14} width={width} unit={props.unit} />
      </g>
    ),
  };
}

/** What the map is fitted to: everything but the far south, where nobody is counted. */
function frame(shapes: Feature[]): FeatureCollection {
  return { type: "FeatureCollection", features: shapes };
}

function Legend({ cuts, y, width, unit }: { cuts: readonly number[]; y: number; width: number; unit: string }): JSX.Element {
  const narrow = width < 620;
  const each = narrow ? Math.floor((width - 16) / 6) : 58;
  const label = (i: number) => (i === 0 ? `<${cuts[0]}` : i === cuts.length ? `${cuts[i - 1]!.toLocaleString("en-GB")}+` : `${cuts[i - 1]!.toLocaleString("en-GB")}–${cuts[i]!.toLocaleString("en-GB")}`);
  const right = narrow ? 8 : 8 + each * 6 + 22;
  const under = narrow ? y + 34 : y;
  return (
    <g font-size="11" fill={theme.muted}>
      {MAP.map((colour, i) => (
        <g key={colour}>
          <rect x={8 + i * each} y={y} width={each - 2} height={10} fill={colour} stroke={theme.rim} stroke-width="0.5" />
          <text x={8 + i * each + (each - 2) / 2} y={y + 23} text-anchor="middle">{label(i)}</text>
        </g>
      ))}
      <rect x={right} y={under} width={22} height={10} fill={MAP[3]} />
      <rect x={right} y={under} width={22} height={10} fill="url(#map-wide)" />
      <text x={right + 27} y={under + 9}>{t("map.wide")}</text>
      <rect x={right + (narrow ? 128 : 150)} y={under} width={22} height={10} fill="url(#map-none)" stroke={theme.rim} stroke-width="0.5" />
      <text x={right + (narrow ? 155 : 177)} y={under + 9}>{t("map.none")}</text>
      {!narrow && <text x={width - 4} y={y + 9} text-anchor="end">{unit}</text>}
    </g>
  );
}

interface KeysProps {
  places: Placed[];
  active: string;
  label: string;
  onMove: (code: string) => void;
  onOpen: (code: string) => void;
}

/** The map for the keyboard: one stop; arrows step through countries by rank, Enter opens one. */
export function MapKeys({ places, active, label, onMove, onOpen }: KeysProps): JSX.Element {
  const at = places.findIndex((one) => one.code === active);
  const id = (code: string) => `map-${code}`;
  const pressed = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -places.length, End: places.length };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      onMove(places[Math.min(places.length - 1, Math.max(0, at + step))]?.code ?? "");
    } else if (event.key === "Enter" && at >= 0) onOpen(active);
  };
  return (
    <div class="map-keys" role="listbox" tabIndex={0} aria-label={label} aria-activedescendant={at >= 0 ? id(active) : undefined} onKeyDown={pressed}>
      <ul class="hidden" role="presentation">
        {places.map((one) => (
          <li key={one.code} id={id(one.code)} role="option" aria-selected={one.code === active}>{`${one.name}: ${one.text}`}</li>
        ))}
      </ul>
    </div>
  );
}
