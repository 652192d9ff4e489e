/** A fan: two bands and the median by month, published figures as dots before and after, the as-of date as a rule. */
import type { JSX } from "preact";
import { fan, line, roundUp, scale, ticks, type FanPoint } from "../core/layout";
import { two } from "../core/numbers";
import { t } from "../core/strings";
import theme, { COURSE } from "../core/theme";

export interface Recorded {
  /** Month from the as-of date: negative before it. */
  t: number;
  value: number;
  low?: number | null;
  high?: number | null;
  /** `at_least` or `at_most`: drawn as a triangle that points to where the number may be. */
  bound?: string;
}

export interface FanProps {
  points: FanPoint[];
  record?: Recorded[];
  /** The record as a line, for series that have a value every month. */
  recordLine?: boolean;
  colour: string;
  /** Dates of the first, the as-of and the last month, as text. */
  dates: (t: number) => string;
  unit: string;
  top?: number;
  title?: string;
  dashed?: boolean;
  /** Second fan over the first, as outlines: B over A. */
  other?: { points: FanPoint[]; colour: string; name: string };
  name?: string;
  height?: number;
  /** One simulated course over the bands, a value at each point. */
  course?: number[] | undefined;
}

const PAD = { left: 46, right: 74, top: 26, bottom: 24 };

export function topOf(points: FanPoint[], record: Recorded[] = []): number {
  return roundUp(Math.max(...points.map((p) => p.high90), ...record.map((p) => p.high ?? p.value), 0));
}

export function drawFan(props: FanProps, width: number): { height: number; body: JSX.Element } {
  const height = props.height ?? 190;
  const record = props.record ?? [];
  const first = Math.min(0, ...record.map((p) => p.t), ...props.points.map((p) => p.t));
  const last = Math.max(1, ...props.points.map((p) => p.t));
  const pad = { ...PAD, top: props.title ? 40 : PAD.top };
  const x = scale([first, last], [pad.left, width - pad.right]);
  const most = props.top ?? topOf([...props.points, ...(props.other?.points ?? [])], record);
  const y = scale([0, most], [height - pad.bottom, pad.top]);
  const drawn = fan(props.points, x, y);
  const end = props.points.at(-1);
  const over = props.other ? fan(props.other.points, x, y) : null;
  const theirs = props.other?.points.at(-1);
  const foot = height - pad.bottom;
  const near = end && theirs && Math.abs(y(end.mid) - y(theirs.mid)) < 26;
  const up = near && end.mid >= theirs.mid;
  return {
    height,
    body: (
      <g font-size="11">
        {props.title && <text x={0} y={14} font-size="13" font-weight="700">{props.title}</text>}
        {ticks(0, most, 3).map((one) => (
          <g key={one}>
            <line x1={pad.left} x2={width - pad.right} y1={y(one)} y2={y(one)} stroke={one ? theme.rule : theme.rim} stroke-dasharray={one ? "1 3" : undefined} />
            <text x={pad.left - 6} y={y(one) + 4} text-anchor="end" fill={theme.muted}>{two(one)}</text>
          </g>
        ))}
        <text x={pad.left} y={pad.top - 10} fill={theme.muted}>{props.unit}</text>
        <path d={drawn.outer} fill={props.colour} fill-opacity="0.16" />
        <path d={drawn.inner} fill={props.colour} fill-opacity="0.3" />
        <path d={drawn.line} fill="none" stroke={props.colour} stroke-width="2" />
        {over && (
          <g fill="none" stroke={props.other!.colour}>
            <path d={over.outer} fill={props.other!.colour} fill-opacity="0.1" stroke-width="1" stroke-dasharray="2 3" />
            <path d={over.line} stroke-width="2" stroke-dasharray="6 3" />
          </g>
        )}
        {props.course && <path d={line(props.points.map((p, i) => ({ x: x(p.t), y: Math.max(pad.top - 6, y(props.course?.[i] ?? 0)) })))} fill="none" stroke={COURSE} stroke-width="2" />}
        {first < 0 && (
          <g>
            <line x1={x(0)} x2={x(0)} y1={pad.top - 4} y2={foot} stroke={theme.muted} stroke-dasharray="3 2" />
            <text x={x(0) + 4} y={pad.top + 4} fill={theme.muted}>{t("fan.asof")}</text>
          </g>
        )}
        {props.recordLine && <path d={line(record.map((p) => ({ x: x(p.t), y: y(p.value) })))} fill="none" stroke={theme.ink} stroke-width="1.3" />}
        {!props.recordLine && record.map((p, i) => (
          <g key={i}>
            {p.low != null && p.high != null && p.high > p.low && <line x1={x(p.t)} x2={x(p.t)} y1={y(p.low)} y2={y(p.high)} stroke={theme.ink} />}
            {p.bound === "at_least" || p.bound === "at_most"
              ? <path d={p.bound === "at_least" ? "M-4,3L4,3L0,-4Z" : "M-4,-3L4,-3L0,4Z"} transform={`translate(${x(p.t).toFixed(1)},${y(p.value).toFixed(1)})`} fill={theme.paper} stroke={theme.ink} stroke-width="1.2" />
              : <circle cx={x(p.t)} cy={y(p.value)} r="3" fill={theme.paper} stroke={theme.ink} stroke-width="1.4" />}
          </g>
        ))}
        {end && (
          <g font-size="12">
            <text x={width - pad.right + 6} y={y(end.mid) + 4 + (near ? (up ? -9 : 9) : 0)} font-weight="700" fill={props.colour}>{props.name ? `${props.name} ` : ""}{two(end.mid)}</text>
            {!props.other && (
              <g font-size="10.5" fill={theme.muted}>
                {y(end.low90) - y(end.high90) > 30 && <text x={width - pad.right + 6} y={Math.max(pad.top + 4, y(end.high90) + 4)}>{two(end.high90)}</text>}
                {y(end.low90) - y(end.mid) > 14 && <text x={width - pad.right + 6} y={y(end.low90) + 4}>{two(end.low90)}</text>}
              </g>
            )}
            {theirs && <text x={width - pad.right + 6} y={y(theirs.mid) + 4 + (near ? (up ? 9 : -9) : 0)} font-weight="700" fill={props.other!.colour}>{`${props.other!.name} ${two(theirs.mid)}`}</text>}
          </g>
        )}
        <g fill={theme.muted}>
          {januaries({ first, last, x, dates: props.dates }).map((one) => (
            <g key={one.t}>
              <line x1={x(one.t)} x2={x(one.t)} y1={foot} y2={foot + 4} stroke={theme.rim} />
              {one.named && <text x={x(one.t)} y={height - 6} text-anchor="middle">{one.year}</text>}
            </g>
          ))}
        </g>
      </g>
    ),
  };
}

interface January {
  t: number;
  year: number;
  named: boolean;
}

/** The first of each year on the axis; those are named that have room. */
function januaries({ first, last, x, dates }: { first: number; last: number; x: (t: number) => number; dates: (t: number) => string }): January[] {
  const found: January[] = [];
  for (let month = Math.ceil(first); month <= last; month++) {
    const [year, number] = dates(month).split("-").map(Number);
    if (number === 1) found.push({ t: month, year: year!, named: false });
  }
  const step = found.length > 1 ? Math.max(1, Math.ceil(40 / (x(found[1]!.t) - x(found[0]!.t)))) : 1;
  return found.map((one, i) => ({ ...one, named: (found.length - 1 - i) % step === 0 }));
}
