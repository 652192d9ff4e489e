/** Geometry of every figure: data in, places on the paper out. No element is made here, so all of it is tested in Node. */

export interface Point {
  x: number;
  y: number;
}

export type Scale = (value: number) => number;

/** A straight scale from values to places. */
export function scale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const width = domain[1] - domain[0] || 1;
  return (value) => range[0] + ((value - domain[0]) / width) * (range[1] - range[0]);
}

/** Round numbers over a domain, about so many. */
export function ticks(low: number, high: number, about = 4): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough * 0.999)!;
  const found: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}

/** The next round number at or above. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((n) => n * power).find((n) => n >= value * 0.9999)!;
}

export interface Dots {
  dots: Point[];
  /** Height of the tallest stack, in the same unit as the radius. */
  height: number;
}

/**
 * A quantile dot plot: dots swept from left to right into bins one dot wide, stacked upward from a base line at y = 0
 * (y is the height of a dot's centre above the line). Where the tallest stack has no room, all are pressed together.
 */
export function dotStacks(values: readonly number[], x: Scale, radius: number, room = Infinity): Dots {
  const places = [...values].sort((a, b) => a - b).map((value) => ({ at: x(value) }));
  const dots: Point[] = [];
  let tallest = 0;
  for (let i = 0; i < places.length; ) {
    const first = places[i]!.at;
    let last = i;
    while (last + 1 < places.length && places[last + 1]!.at - first < 2 * radius) last++;
    const centre = (first + places[last]!.at) / 2;
    const number = last - i + 1;
    for (let j = 0; j < number; j++) dots.push({ x: centre, y: j });
    tallest = Math.max(tallest, number);
    i = last + 1;
  }
  const step = tallest > 1 ? Math.min(2 * radius, (room - 2 * radius) / (tallest - 1)) : 2 * radius;
  return { dots: dots.map((dot) => ({ x: dot.x, y: radius + dot.y * step })), height: tallest ? 2 * radius + (tallest - 1) * step : 0 };
}

/** The largest radius between two limits at which all rows of dots stay under a height, if any does. */
export function dotRadius(rows: readonly (readonly number[])[], x: Scale, most: number, height: number, least = 3): number {
  for (let radius = most; radius > least; radius -= 0.25) {
    if (rows.every((row) => dotStacks(row, x, radius).height <= height)) return radius;
  }
  return least;
}

export interface FanPoint {
  t: number;
  low90: number;
  low50?: number | undefined;
  mid: number;
  high50?: number | undefined;
  high90: number;
}

export interface Fan {
  outer: string;
  inner: string;
  line: string;
}

const at = (x: number, y: number) => `${x.toFixed(1)},${y.toFixed(1)}`;

/** A closed band between two lines, straight between its points: nothing is known between them. */
export function band(points: readonly FanPoint[], low: (p: FanPoint) => number, high: (p: FanPoint) => number, x: Scale, y: Scale): string {
  if (!points.length) return "";
  const up = points.map((p) => at(x(p.t), y(high(p))));
  const back = [...points].reverse().map((p) => at(x(p.t), y(low(p))));
  return `M${up.join("L")}L${back.join("L")}Z`;
}

export function line(points: readonly Point[]): string {
  return points.length ? `M${points.map((p) => at(p.x, p.y)).join("L")}` : "";
}

/** The two bands and the median of a fan. */
export function fan(points: readonly FanPoint[], x: Scale, y: Scale): Fan {
  const halves = points.every((p) => p.low50 !== undefined && p.high50 !== undefined);
  return {
    outer: band(points, (p) => p.low90, (p) => p.high90, x, y),
    inner: halves ? band(points, (p) => p.low50!, (p) => p.high50!, x, y) : "",
    line: line(points.map((p) => ({ x: x(p.t), y: y(p.mid) }))),
  };
}

export interface FlowNode {
  id: string;
  column: number;
  value: number;
}

export interface FlowLink {
  from: string;
  to: string;
  value: number;
  /** Whose colour it has. */
  of?: string | undefined;
}

export interface PlacedNode extends FlowNode {
  x: number;
  y: number;
  height: number;
  /** Height of the box that holds the label: never less than a line of text. */
  box: number;
}

export interface PlacedLink extends FlowLink {
  path: string;
  width: number;
  middle: Point;
}

export interface FlowShape {
  nodes: PlacedNode[];
  links: PlacedLink[];
  height: number;
}

/**
 * An alluvial: nodes in columns, in the order given, ribbons as high as their people. One scale for all, so that heights
 * add up. A node too low for its label gets a box that is higher than its people; the ribbons keep the true height.
 */
export function alluvial(nodes: readonly FlowNode[], links: readonly FlowLink[], columns: readonly number[], wide: number, height: number, gap: number, lowest: number): FlowShape {
  const byColumn = columns.map((_, i) => nodes.filter((node) => node.column === i));
  const needs = (ones: FlowNode[], unit: number) => ones.reduce((sum, one) => sum + Math.max(lowest, one.value * unit), 0) + gap * Math.max(0, ones.length - 1);
  // The largest common scale at which every column still fits: low nodes take a line each whatever the scale.
  let [unit, beyond] = [0, (2 * height) / Math.max(1e-9, ...byColumn.flatMap((ones) => ones.map((one) => one.value)))];
  for (let i = 0; i < 40; i++) {
    const middle = (unit + beyond) / 2;
    if (byColumn.every((ones) => needs(ones, middle) <= height)) unit = middle;
    else beyond = middle;
  }
  const placed = new Map<string, PlacedNode>();
  let deepest = 0;
  byColumn.forEach((ones, i) => {
    const boxes = ones.map((one) => Math.max(lowest, one.value * unit));
    const needed = boxes.reduce((sum, one) => sum + one, 0) + gap * Math.max(0, ones.length - 1);
    let y = Math.max(0, (height - needed) / 2);
    ones.forEach((one, j) => {
      placed.set(one.id, { ...one, x: columns[i]!, y, height: one.value * unit, box: boxes[j]! });
      y += boxes[j]! + gap;
    });
    deepest = Math.max(deepest, y - gap);
  });
  const out = new Map<string, number>();
  const into = new Map<string, number>();
  const drawn = links
    .filter((one) => one.value > 0 && placed.has(one.from) && placed.has(one.to))
    .map((one) => {
      const [a, b] = [placed.get(one.from)!, placed.get(one.to)!];
      const width = one.value * unit;
      const y1 = a.y + (a.box - a.height) / 2 + (out.get(one.from) ?? 0);
      const y2 = b.y + (b.box - b.height) / 2 + (into.get(one.to) ?? 0);
      out.set(one.from, (out.get(one.from) ?? 0) + width);
      into.set(one.to, (into.get(one.to) ?? 0) + width);
      const [x1, x2] = [a.x + wide, b.x];
      const bend = (x1 + x2) / 2;
      const path = `M${at(x1, y1)}C${at(bend, y1)} ${at(bend, y2)} ${at(x2, y2)}L${at(x2, y2 + width)}C${at(bend, y2 + width)} ${at(bend, y1 + width)} ${at(x1, y1 + width)}Z`;
      return { ...one, path, width, middle: { x: bend, y: (y1 + y2 + width) / 2 } };
    });
  return { nodes: [...placed.values()], links: drawn, height: Math.max(height, deepest) };
}

/** Class of a number between fixed cuts: 0 below the first. */
export function classOf(value: number, cuts: readonly number[]): number {
  return cuts.filter((cut) => value >= cut).length;
}

/** Whether a range is too wide to be given one class: it spans more than two. */
export function tooWide(low: number, high: number, cuts: readonly number[]): boolean {
  return classOf(high, cuts) - classOf(low, cuts) > 1;
}

/** Labels of a column pushed apart until none overlap, kept inside a height and near where they belong. */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y);
  for (const [k, one] of order.entries()) one.y = Math.max(one.y, k ? order[k - 1]!.y + gap : low);
  let floor = high;
  for (const one of [...order].reverse()) {
    one.y = Math.min(one.y, floor);
    floor = one.y - gap;
  }
  const found: number[] = [];
  for (const one of order) found[one.i] = one.y;
  return found;
}

/** Of twenty dots, how many are past a line. */
export function dotsPast(values: readonly number[], past: number): number {
  return values.filter((value) => value > past).length;
}
