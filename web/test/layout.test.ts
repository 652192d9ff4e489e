import { describe, expect, it } from "vitest";
import { alluvial, classOf, dotRadius, dotStacks, fan, roundUp, scale, spread, ticks, tooWide } from "../src/core/layout";

describe("dots", () => {
  const x = scale([0, 100], [0, 400]);
  it("draws every dot once, inside its stack, and none over another", () => {
    const values = Array.from({ length: 20 }, (_, i) => 30 + 2.5 * Math.sin(i * 7) + i * 0.7);
    const { dots, height } = dotStacks(values, x, 4);
    expect(dots).toHaveLength(20);
    expect(Math.max(...dots.map((d) => d.y)) + 4).toBeCloseTo(height);
    for (const [i, a] of dots.entries()) for (const b of dots.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(3.9);
  });
  it("puts equal values into one stack", () => {
    expect(dotStacks(Array(20).fill(50), x, 3)).toMatchObject({ height: 120 });
  });
  it("stays within half a dot's width of every value", () => {
    const values = [10, 10.5, 11, 12, 40];
    const places = dotStacks(values, x, 4).dots.map((d) => d.x).sort((a, b) => a - b);
    values.forEach((v, i) => expect(Math.abs(places[i]! - x(v))).toBeLessThan(8));
  });
  it("shrinks down to a limit, and presses a stack that is still too tall together", () => {
    expect(dotRadius([Array(20).fill(50)], x, 5, 60)).toBe(3);
    expect(dotRadius([[1, 30, 60, 90]], x, 5, 60)).toBe(5);
    const pressed = dotStacks(Array(20).fill(50), x, 3, 60);
    expect(pressed.height).toBeCloseTo(60);
    expect(Math.max(...pressed.dots.map((d) => d.y)) + 3).toBeCloseTo(60);
  });
});

describe("alluvial", () => {
  const nodes = [
    { id: "all", column: 0, value: 100 },
    { id: "home", column: 1, value: 60 },
    { id: "held", column: 1, value: 39 },
    { id: "rest", column: 1, value: 1 },
  ];
  const links = nodes.slice(1).map((one) => ({ from: "all", to: one.id, value: one.value }));
  const drawn = alluvial(nodes, links, [0, 300], 150, 400, 8, 20);
  it("keeps people: ribbons of a node add up to its height", () => {
    const all = drawn.nodes.find((one) => one.id === "all")!;
    expect(drawn.links.reduce((sum, one) => sum + one.width, 0)).toBeCloseTo(all.height);
    for (const link of drawn.links) expect(link.width).toBeCloseTo(drawn.nodes.find((one) => one.id === link.to)!.height);
  });
  it("gives every label a line, and lets no boxes of a column overlap", () => {
    const column = drawn.nodes.filter((one) => one.column === 1);
    for (const one of column) expect(one.box).toBeGreaterThanOrEqual(20);
    column.slice(1).forEach((one, i) => expect(one.y).toBeGreaterThanOrEqual(column[i]!.y + column[i]!.box + 7.9));
    expect(Math.max(...column.map((one) => one.y + one.box))).toBeLessThanOrEqual(drawn.height + 0.01);
  });
});

describe("axes, classes and labels", () => {
  it("has round ticks inside the domain", () => {
    expect(ticks(0, 16000, 4)).toEqual([0, 5000, 10000, 15000]);
    expect(ticks(-130, 60, 4)).toEqual([-100, -50, 0, 50]);
    expect(roundUp(10400)).toBe(12000);
    expect(roundUp(0)).toBe(1);
  });
  it("classes a number, and finds a range too wide for one class", () => {
    const cuts = [10, 30, 100, 300, 1000];
    expect([5, 10, 99, 1000].map((n) => classOf(n, cuts))).toEqual([0, 1, 2, 5]);
    expect(tooWide(12, 90, cuts)).toBe(false);
    expect(tooWide(5, 90, cuts)).toBe(true);
  });
  it("pushes labels apart and keeps them inside", () => {
    const found = spread([50, 52, 51, 98], 14, 0, 100);
    const sorted = [...found].sort((a, b) => a - b);
    sorted.slice(1).forEach((y, i) => expect(y - sorted[i]!).toBeGreaterThanOrEqual(13.99));
    expect(Math.max(...found)).toBeLessThanOrEqual(100);
  });
  it("draws a fan with straight edges through its points", () => {
    const points = [0, 1, 2].map((t) => ({ t, low90: t, low50: t + 1, mid: t + 2, high50: t + 3, high90: t + 4 }));
    const drawn = fan(points, (t) => t * 10, (v) => v);
    expect(drawn.outer).toBe("M0.0,4.0L10.0,5.0L20.0,6.0L20.0,2.0L10.0,1.0L0.0,0.0Z");
    expect(drawn.line).toBe("M0.0,2.0L10.0,3.0L20.0,4.0");
    expect(fan(points.map(({ low50: _, ...p }) => p), (t) => t, (v) => v).inner).toBe("");
  });
});
