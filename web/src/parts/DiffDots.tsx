/** Paired differences: twenty dots of B minus A around a zero line, one row per outcome, each on an axis of its own. */
import type { JSX } from "preact";
import { dotRadius, dotStacks, roundUp, scale } from "../core/layout";
import { capital, range, signed, two } from "../core/numbers";
import { t } from "../core/strings";
import theme, { SIDE_A, SIDE_B } from "../core/theme";
import type { DifferenceRow } from "../core/types";

const HEIGHT = 46;
const TALLEST = 30;

/** Direction decides what is better; a difference that is neither is drawn in the colour of side A. */
const colourOf = (row: DifferenceRow): string => (row.direction === "neither" ? SIDE_A : SIDE_B);

export function drawDifferences(rows: DifferenceRow[], width: number): { height: number; body: JSX.Element } {
  const narrow = width < 640;
  const left = narrow ? 10 : 236;
  const right = narrow ? width - 10 : width - 186;
  const head = narrow ? 22 : 0;
  const top = 26;
  const each = HEIGHT + head + (narrow ? 12 : 6);
  const middle = (left + right) / 2;
  return {
    height: top + rows.length * each + 6,
    body: (
      <g>
        <g font-size="11" fill={theme.muted}>
          <text x={middle - 8} y={14} text-anchor="end">← {t("diff.fewer")}</text>
          <text x={middle + 8} y={14}>{t("diff.more")} →</text>
          {!narrow && <text x={right + 16} y={14}>{t("diff.median")}</text>}
        </g>
        {rows.map((row, i) => {
          const most = roundUp(Math.max(...row.dots.map(Math.abs), Math.abs(row.low90), Math.abs(row.high90), 1e-9));
          const x = scale([-most, most], [left, right]);
          const radius = dotRadius([row.dots], x, 4, TALLEST, 2.8);
          const base = top + (i + 1) * each - 18;
          const same = row.dots.every((one) => one === 0);
          return (
            <g key={row.quantity}>
              <line x1={left} x2={right} y1={base} y2={base} stroke={theme.rule} />
              <line x1={middle} x2={middle} y1={base - TALLEST - 6} y2={base + 4} stroke={theme.muted} />
              <g font-size="10" fill={theme.muted}>
                <text x={left} y={base + 13}>{two(-most)}</text>
                <text x={middle} y={base + 14} text-anchor="middle">0</text>
                <text x={right} y={base + 13} text-anchor="end">+{two(most)}</text>
              </g>
              <path d={dotStacks(row.dots, x, radius, TALLEST).dots.map((d) => discs(d.x, base - d.y, radius * 0.9)).join("")} fill={same ? theme.rim : colourOf(row)} />
              <text x={narrow ? 2 : 0} y={narrow ? base - TALLEST - 18 : base - 14} font-weight="600" font-size="12.5">{capital(row.label)}{row.hindsight && !row.label.endsWith("*") ? " *" : ""}</text>
              {!narrow && <text x={0} y={base + 2} font-size="11" fill={theme.muted}>{`A ${two(row.mean_a)}   B ${two(row.mean_b)}`}</text>}
              <text x={narrow ? width - 2 : right + 16} text-anchor={narrow ? "end" : "start"} y={narrow ? base - TALLEST - 18 : base - 14} font-weight="700" font-size="14">{signed(row.median)}</text>
              {!narrow && <text x={right + 16} y={base + 2} font-size="11.5" fill={theme.muted}>{range(row.low90, row.high90)}</text>}
            </g>
          );
        })}
      </g>
    ),
  };
}

/** A disc as a path. */
export const discs = (x: number, y: number, r: number): string =>
  `M${(x - r).toFixed(1)},${y.toFixed(1)}a${r.toFixed(2)},${r.toFixed(2)} 0 1 0 ${(2 * r).toFixed(2)},0a${r.toFixed(2)},${r.toFixed(2)} 0 1 0 ${(-2 * r).toFixed(2)},0Z`;
