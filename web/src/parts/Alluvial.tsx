/** Who goes where: three columns of means that add up. Labels lie inside the nodes, never over ribbons. */
import type { JSX } from "preact";
import { alluvial } from "../core/layout";
import { capital } from "../core/numbers";
import theme, { fillOf, isPathway } from "../core/theme";
import type { FlowLink, FlowNode } from "../core/types";
import { Badge } from "./Mark";

/** A text in lines of at most so many letters. */
export function wrapped(text: string, letters: number, most = 3): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length > most) lines.splice(most - 1, lines.length, `${lines[most - 1]}…`);
  return lines;
}

/** A pathway's letter is on its badge where there is one. */
const label = (node: FlowNode, badge: boolean): string => capital(badge ? node.label.replace(/^[A-Z] /, "") : node.label);

interface Props {
  nodes: FlowNode[];
  links: FlowLink[];
  /** The one pathway or fate to bring out; empty: all alike. */
  only: string;
  /** The numbers under a label; brief where there is little room. */
  text: (node: FlowNode, brief: boolean) => string;
}

export function drawAlluvial({ nodes, links, only, text }: Props, width: number): { height: number; body: JSX.Element } {
  const narrow = width < 660;
  const many = Math.max(...[0, 1, 2].map((column) => nodes.filter((one) => one.column === column).length), 1);
  const columns = Math.max(...nodes.map((one) => one.column), 1) + 1;
  const wide = narrow ? Math.floor((width - 26 * (columns - 1)) / columns) : Math.min(224, Math.floor(width * 0.24));
  const lowest = narrow ? 50 : 34;
  const gap = 5;
  const height = Math.max(narrow ? 520 : 430, many * (lowest + gap) + 130);
  const places = Array.from({ length: columns }, (_, i) => (i * (width - wide)) / (columns - 1));
  const flows = links.map((one) => ({ from: one.source, to: one.target, value: one.value, of: one.pathway }));
  const drawn = alluvial(nodes, flows, places, wide, height - 8, gap, lowest);
  const known = new Map(nodes.map((one) => [one.id, one]));
  const faint = (code: string) => Boolean(only) && code !== only;
  const letters = Math.floor(wide / (narrow ? 6.1 : 6.6)) - (narrow ? 1 : 0);
  return {
    height: drawn.height + 8,
    body: (
      <g transform="translate(0,4)">
        {drawn.links.map((one, i) => (
          <path key={i} d={one.path} fill={fillOf(one.of ?? "")} fill-opacity={faint(one.of ?? "") ? 0.07 : isPathway(one.of ?? "") ? 0.42 : 0.26} />
        ))}
        {drawn.nodes.map((placed) => {
          const node = known.get(placed.id)!;
          const path = isPathway(node.code);
          const colour = fillOf(node.code);
          const inset = path && !narrow ? 28 : 10;
          const lines = wrapped(label(node, path && !narrow), letters - (inset > 10 ? 4 : 1), narrow ? 2 : placed.box > 46 ? 2 : 1);
          const size = narrow ? 10.5 : 12;
          const start = placed.y + placed.box / 2 - ((lines.length + 1) * (size + 2)) / 2 + size;
          return (
            <g key={placed.id} opacity={path && faint(node.code) ? 0.45 : 1}>
              <rect x={placed.x + 0.5} y={placed.y + 0.5} width={wide - 1} height={Math.max(1, placed.box - 1)} rx={3} fill={theme.paper} stroke={path ? colour : theme.rim} />
              <rect x={placed.x} y={placed.y + (placed.box - placed.height) / 2} width={5} height={Math.max(1, placed.height)} fill={colour} />
              {path && !narrow && <Badge code={node.code} x={placed.x + 9} y={placed.y + placed.box / 2} size={15} />}
              <text font-size={size} font-weight="600" fill={theme.ink}>
                {lines.map((one, i) => <tspan key={i} x={placed.x + inset} y={start + i * (size + 2)}>{one}</tspan>)}
              </text>
              <text x={placed.x + inset} y={start + lines.length * (size + 2)} font-size={size - 0.5} fill={theme.muted}>{text(node, narrow)}</text>
            </g>
          );
        })}
      </g>
    ),
  };
}
