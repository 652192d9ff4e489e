/** The mark of a pathway: its letter in its colour, and its shape as a dot, so that colour never stands alone. */
import type { JSX } from "preact";
import theme, { fillOf, isPathway, letterOf } from "../core/theme";

export function Badge({ code, x, y, size = 18 }: { code: string; x: number; y: number; size?: number }): JSX.Element {
  return (
    <g>
      <rect x={x} y={y - size / 2} width={size} height={size} rx={3} fill={fillOf(code)} />
      <text x={x + size / 2} y={y + size * 0.25} text-anchor="middle" font-size={size * 0.68} font-weight="700" fill="#fff">{letterOf(code)}</text>
    </g>
  );
}

/** The outline of a dot of a pathway around a centre. */
export function shapeOf(code: string, x: number, y: number, r: number): string {
  const shape = isPathway(code) ? theme.pathways[code].shape : "circle";
  const [n, s] = [r * 0.92, r * 0.86];
  const p = (dx: number, dy: number) => `${(x + dx).toFixed(1)},${(y + dy).toFixed(1)}`;
  if (shape === "square") return `M${p(-s, -s)}L${p(s, -s)}L${p(s, s)}L${p(-s, s)}Z`;
  if (shape === "diamond") return `M${p(0, -r)}L${p(r, 0)}L${p(0, r)}L${p(-r, 0)}Z`;
  if (shape === "triangle-up") return `M${p(0, -n)}L${p(r, s)}L${p(-r, s)}Z`;
  if (shape === "triangle-down") return `M${p(-r, -s)}L${p(r, -s)}L${p(0, n)}Z`;
  return `M${p(-r, 0)}A${r},${r} 0 1 0 ${p(r, 0)}A${r},${r} 0 1 0 ${p(-r, 0)}Z`;
}
