/** One outcome of several options: differences from the status quo, dot by dot, all on one axis around zero. */
import type { JSX } from "preact";
import { dotRadius, dotStacks, roundUp, scale, ticks } from "../core/layout";
import { range, share, signed } from "../core/numbers";
import { t } from "../core/strings";
import theme, { SIDE_A, SIDE_B } from "../core/theme";
import type { OptionOutcome, StandingEntry } from "../core/types";
import { wrapped } from "./Alluvial";
import { discs } from "./DiffDots";

const TALLEST = 26;

/** Rows of options. An outcome that keeps no simulation has its interval and mean instead of dots. */
export function drawOptions(outcome: OptionOutcome, width: number, sides = [t("options.fewer"), t("options.more")]): { height: number; body: JSX.Element } {
  const narrow = width < 640;
  const best = outcome.rows.some((row) => row.best !== null);
  const left = narrow ? 10 : 230;
  const right = narrow ? width - 10 : width - (best ? 236 : 150);
  const top = 28;
  const rows = outcome.rows;
  const lines = rows.map((row) => wrapped(row.name, narrow ? 40 : 34, 4));
  const tallest = Math.max(...lines.map((one) => one.length));
  const each = narrow ? TALLEST + 19 + 15 * tallest : Math.max(TALLEST + 14, 15 * tallest + 4);
  const most = roundUp(Math.max(...rows.flatMap((row) => [...row.dots.map(Math.abs), Math.abs(row.low90), Math.abs(row.high90)]), 1e-9));
  const x = scale([-most, most], [left, right]);
  const foot = top + rows.length * each + 4;
  const radius = Math.min(...rows.filter((row) => row.dots.length).map((row) => dotRadius([row.dots], x, 3.6, TALLEST, 2.4)), 3.6);
  return {
    height: foot + 20,
    body: (
      <g>
        <g font-size="11" fill={theme.muted}>
          <text x={x(0) - 8} y={14} text-anchor="end">← {sides[0]}</text>
          <text x={x(0) + 8} y={14}>{sides[1]} →</text>
          {!narrow && <text x={right + 16} y={14}>{t("options.mean")}</text>}
          {!narrow && best && <text x={width - 2} y={14} text-anchor="end">{t("options.best")}</text>}
          {[...new Set(ticks(-most, most, narrow ? 3 : 6))].map((one) => (
            <g key={one}>
              <line x1={x(one)} x2={x(one)} y1={22} y2={foot} stroke={one ? theme.rule : theme.muted} stroke-dasharray={one ? "1 3" : undefined} />
              <text x={x(one)} y={foot + 14} text-anchor="middle">{one ? signed(one) : "0"}</text>
            </g>
          ))}
        </g>
        {rows.map((row, i) => <Row key={row.name} row={row} lines={lines[i]!} base={top + (i + 1) * each - 6} x={x} radius={radius} narrow={narrow} left={left} right={right} width={width} judged={outcome.direction !== "neither"} />)}
      </g>
    ),
  };
}

interface RowProps {
  row: StandingEntry;
  lines: string[];
  base: number;
  x: (value: number) => number;
  radius: number;
  narrow: boolean;
  left: number;
  right: number;
  width: number;
  judged: boolean;
}

function Row({ row, lines, base, x, radius, narrow, left, right, width, judged }: RowProps): JSX.Element {
  const colour = judged ? SIDE_B : SIDE_A;
  const middle = base - TALLEST / 2;
  const above = base - TALLEST - 8;
  return (
    <g>
      <line x1={left} x2={right} y1={base} y2={base} stroke={theme.rule} />
      {row.dots.length
        ? <path d={dotStacks(row.dots, x, radius, TALLEST).dots.map((d) => discs(d.x, base - d.y, radius * 0.9)).join("")} fill={row.dots.every((one) => one === 0) ? theme.rim : colour} />
        : <g><line x1={x(row.low90)} x2={x(row.high90)} y1={middle} y2={middle} stroke={colour} stroke-opacity="0.35" stroke-width="5" /><circle cx={x(row.mean)} cy={middle} r="4" fill={colour} /></g>}
      <text font-weight="600" font-size="12.5">
        {lines.map((one, k) => <tspan key={k} x={narrow ? 2 : 0} y={narrow ? above - (lines.length - 1 - k) * 15 : middle + 8 - (lines.length - 1) * 7 + k * 15 - 4}>{one}</tspan>)}
      </text>
      <text x={narrow ? width - 2 : right + 16} text-anchor={narrow ? "end" : "start"} y={narrow ? above : middle + 2} font-weight="700" font-size="14">{signed(row.mean)}</text>
      {!narrow && <text x={right + 16} y={middle + 16} font-size="11.5" fill={theme.muted}>{range(row.low90, row.high90)}</text>}
      {!narrow && row.best !== null && <text x={width - 2} y={middle + 4} text-anchor="end">{share(row.best)}</text>}
    </g>
  );
}
