/** Rows of quantile dots on one axis: each dot is a 1-in-20 chance. Numbers stand next to the dots they belong to. */
import type { JSX } from "preact";
import { range, share, two } from "../core/numbers";
import { dotRadius, dotStacks, roundUp, scale, ticks, type Scale } from "../core/layout";
import { t } from "../core/strings";
import theme, { fillOf, letterOf, textOf } from "../core/theme";
import { Badge, shapeOf } from "./Mark";

export interface DotRow {
  code: string;
  label: string;
  dots: number[];
  median: number;
  low90: number;
  high90: number;
  share?: number | null;
  hindsight?: boolean;
}

const AXIS = 34;
const TOP = 22;
const BIGGEST = 5.4;
const LEAST = 3.4;
/** The tallest stack. */
const ROOM = 60;
const empty = (row: DotRow): boolean => row.dots.every((one) => one === 0);
/** A row whose dots all lie in so small a part of the axis gets an axis of its own. */
const TINY = 0.05;

function AxisLine({ domain, x0, x1, y, label, top }: { domain: [number, number]; x0: number; x1: number; y: number; label?: string; top?: number }): JSX.Element {
  const x = scale(domain, [x0, x1]);
  return (
    <g font-size="11" fill={theme.muted}>
      <line x1={x0} x2={x1} y1={y} y2={y} stroke={theme.rim} />
      {ticks(domain[0], domain[1], Math.max(2, Math.floor((x1 - x0) / 90))).filter(Number.isInteger).map((one) => (
        <g key={one}>
          {top !== undefined && <line x1={x(one)} x2={x(one)} y1={top} y2={y} stroke={theme.rule} stroke-dasharray={one ? "1 3" : undefined} />}
          <line x1={x(one)} x2={x(one)} y1={y} y2={y + 4} stroke={theme.rim} />
          <text x={x(one)} y={y + 15} text-anchor="middle">{two(one)}</text>
        </g>
      ))}
      {label && <text x={x1} y={y + 29} text-anchor="end">{label}</text>}
    </g>
  );
}

interface Plan {
  row: DotRow;
  x: Scale;
  top: number;
  own: boolean;
  base: number;
  stack: number;
}

/** Where every row lies: those on the common axis first, then those so small that each has an axis of its own. */
export function placeRows(rows: DotRow[], left: number, right: number, head: number, narrow: boolean, least: number) {
  const top = roundUp(Math.max(...rows.flatMap((row) => row.dots), 1e-9));
  const tiny = (row: DotRow) => Math.max(...row.dots) < top * TINY && Math.max(...row.dots) > 0;
  const plans: Plan[] = rows.map((row) => {
    const own = tiny(row);
    const most = own ? roundUp(Math.max(...row.dots)) : top;
    return { row, own, top: most, x: scale([0, most], [left, right]), base: 0, stack: 0 };
  });
  const room = narrow ? 44 : ROOM;
  const radius = Math.min(...plans.map((one) => dotRadius([one.row.dots], one.x, narrow ? 4.6 : BIGGEST, room, LEAST)));
  let y = narrow ? 2 : TOP;
  const lay = (one: Plan, below: number) => {
    one.stack = Math.max(narrow ? 10 : least, empty(one.row) ? 0 : dotStacks(one.row.dots, one.x, radius, room).height);
    one.base = y + head + one.stack + 4;
    y = one.base + below;
  };
  const common = plans.filter((one) => !one.own);
  for (const one of common) lay(one, 8);
  const axis = common.length ? y - 8 : 0;
  if (common.length) y = axis + AXIS;
  const apart = plans.filter((one) => one.own);
  for (const one of apart) lay(one, AXIS);
  return { plans, radius, room, top, axis: common.length ? axis : null, height: y };
}

/** The drawing of rows of dots; where there is little room, the label and the numbers stand above the dots. */
export function drawDots(rows: DotRow[], width: number, unit: string, least = 34): { height: number; body: JSX.Element } {
  const narrow = width < 620;
  const shares = rows.some((row) => row.share != null);
  const left = narrow ? 10 : Math.max(176, ...rows.map((row) => 40 + row.label.length * 6.7));
  const right = narrow ? width - 12 : width - (shares ? 196 : 146);
  const { plans, radius, room, top, axis, height } = placeRows(rows, left, right, narrow ? 24 : 0, narrow, least);
  const numbers = right + 60;
  return {
    height,
    body: (
      <g>
        {!narrow && (
          <g font-size="11" fill={theme.muted}>
            <text x={numbers} y={12} text-anchor="end">{t("dots.median")}</text>
            <text x={numbers + 8} y={12}>{t("dots.range")}</text>
            {shares && <text x={width - 2} y={12} text-anchor="end">{t("dots.share")}</text>}
          </g>
        )}
        {axis !== null && <AxisLine domain={[0, top]} x0={left} x1={right} y={axis} label={unit} top={narrow ? 4 : TOP - 4} />}
        {plans.map((plan) => <Row key={plan.row.code} plan={plan} radius={radius} room={room} narrow={narrow} left={left} right={right} width={width} unit={unit} last={plan.base === axis} />)}
      </g>
    ),
  };
}

interface RowProps {
  plan: Plan;
  radius: number;
  room: number;
  narrow: boolean;
  left: number;
  right: number;
  width: number;
  unit: string;
  last: boolean;
}

function Row({ plan, radius, room, narrow, left, right, width, unit, last }: RowProps): JSX.Element {
  const { row, base, stack } = plan;
  const middle = narrow ? base - stack - 14 : base - Math.max(14, stack / 2);
  const edge = narrow ? 4 : 0;
  const letter = letterOf(row.code);
  const dots = empty(row) ? [] : dotStacks(row.dots, plan.x, radius, room).dots;
  return (
    <g>
      {plan.own && <AxisLine domain={[0, plan.top]} x0={left} x1={right} y={base} label={t("dots.own", { unit })} />}
      {!plan.own && !last && <line x1={left} x2={right} y1={base} y2={base} stroke={theme.rule} />}
      {letter && <Badge code={row.code} x={edge} y={middle} />}
      <text x={letter ? edge + 26 : edge} y={middle + 4} font-weight="600" font-size="12.5" fill={textOf(row.code)}>
        {row.label}{row.hindsight ? " *" : ""}
      </text>
      {dots.length
        ? <path d={dots.map((dot) => shapeOf(row.code, dot.x, base - dot.y, radius * 0.94)).join("")} fill={fillOf(row.code)} stroke={theme.paper} stroke-width="0.7" />
        : <text x={left + 6} y={base - 5} font-size="11" fill={theme.muted}>{t("dots.zero")}</text>}
      {narrow ? (
        <text x={width - 4} y={middle + 4} text-anchor="end" font-size="12.5">
          <tspan font-weight="700">{two(row.median)}</tspan>
          <tspan fill={theme.muted}>{`  ${range(row.low90, row.high90)}${row.share != null ? ` · ${share(row.share)}` : ""}`}</tspan>
        </text>
      ) : (
        <g>
          <text x={right + 60} y={middle + 5} text-anchor="end" font-weight="700" font-size="15">{two(row.median)}</text>
          <text x={right + 68} y={middle + 5} fill={theme.muted}>{range(row.low90, row.high90)}</text>
          {row.share != null && <text x={width - 2} y={middle + 5} text-anchor="end">{share(row.share)}</text>}
        </g>
      )}
    </g>
  );
}

/** Twenty small circles, so many of them full: a chance to be seen at a glance. */
export function TwentyDots({ p }: { p: number }): JSX.Element {
  const full = Math.round(p * 20);
  return (
    <svg class="twenty" width="204" height="12" viewBox="0 0 204 12" aria-hidden="true">
      {Array.from({ length: 20 }, (_, i) => (
        <circle key={i} cx={6 + i * 10} cy={6} r={3.8} fill={i < full ? theme.link : "none"} stroke={i < full ? theme.link : theme.rim} stroke-width="1.2" />
      ))}
    </svg>
  );
}
