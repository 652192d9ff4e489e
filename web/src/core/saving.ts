/** Figures and tables as files: SVG, PNG and CSV, made in the browser. */
import theme from "./theme";

export interface Table {
  columns: string[];
  rows: (string | number)[][];
  /** Which columns are numbers; by default all but the first. */
  numeric?: boolean[];
}

function save(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const quoted = (cell: string | number): string => {
  let text = String(cell);
  // A spreadsheet would run a cell that begins like a formula: a negative number is not one.
  if (/^[=+@\t\r]/.test(text) || (text.startsWith("-") && !Number.isFinite(Number(text)))) text = `'${text}`;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** A table as CSV, with columns of its stamp in every row. */
export function csv(table: Table, stamp: Record<string, string | number>): string {
  const heads = [...table.columns, ...Object.keys(stamp)];
  const tail = Object.values(stamp);
  return [heads, ...table.rows.map((row) => [...row, ...tail])].map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";
}

export function saveCsv(name: string, table: Table, stamp: Record<string, string | number>): void {
  save(`${name}.csv`, new Blob(["\ufeff", csv(table, stamp)], { type: "text/csv;charset=utf-8" }));
}

const SPACE = "http://www.w3.org/2000/svg";
const PAD = 16;

function words(text: string, x: number, y: number, size: number, colour: string, weight = "400"): SVGTextElement {
  const made = document.createElementNS(SPACE, "text");
  const looks = { x, y, "font-size": size, fill: colour, "font-weight": weight, "font-family": theme.font };
  for (const [key, value] of Object.entries(looks)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}

function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export interface Caption {
  title: string;
  subtitle: string;
  source: string;
}

/** A figure that stands alone: the drawing with its title above and its source line below, as SVG text. */
export function alone(drawing: SVGSVGElement, caption: Caption): { text: string; width: number; height: number } {
  const [, , inner = 600, high = 300] = (drawing.getAttribute("viewBox") ?? "").split(" ").map(Number);
  const width = Math.max(inner, 420) + 2 * PAD;
  const whole = document.createElementNS(SPACE, "svg");
  whole.setAttribute("xmlns", SPACE);
  const body = drawing.cloneNode(true) as SVGSVGElement;
  for (const one of [body, ...body.querySelectorAll("*")]) for (const name of ["class", "tabindex", "style"]) one.removeAttribute(name);
  let y = PAD + 14;
  const add = (text: string, size: number, colour: string, weight?: string) => {
    for (const one of wrapped(text, Math.floor((width - 2 * PAD) / (size * 0.5)))) {
      whole.append(words(one, PAD, y, size, colour, weight));
      y += size * 1.35;
    }
  };
  add(caption.title, 15, theme.ink, "700");
  if (caption.subtitle) add(caption.subtitle, 11.5, theme.muted);
  body.setAttribute("x", String(PAD));
  body.setAttribute("y", String(y));
  body.setAttribute("width", String(inner));
  body.setAttribute("height", String(high));
  body.setAttribute("font-family", theme.font);
  whole.append(body);
  y += high + 18;
  add(caption.source, 9.5, theme.muted);
  const height = Math.ceil(y + PAD - 8);
  whole.setAttribute("viewBox", `0 0 ${width} ${height}`);
  whole.setAttribute("width", String(width));
  whole.setAttribute("height", String(height));
  const paper = document.createElementNS(SPACE, "rect");
  for (const [key, value] of Object.entries({ width, height, fill: theme.paper })) paper.setAttribute(key, String(value));
  whole.prepend(paper);
  return { text: new XMLSerializer().serializeToString(whole), width, height };
}

export function saveSvg(name: string, drawing: SVGSVGElement, caption: Caption): void {
  save(`${name}.svg`, new Blob([alone(drawing, caption).text], { type: "image/svg+xml" }));
}

/** Drawn by the browser at twice the size. */
export async function savePng(name: string, drawing: SVGSVGElement, caption: Caption): Promise<void> {
  const { text, width, height } = alone(drawing, caption);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = height * 2;
  const pen = canvas.getContext("2d")!;
  pen.scale(2, 2);
  pen.drawImage(picture, 0, 0, width, height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob) save(`${name}.png`, blob);
}
