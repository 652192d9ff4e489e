/** The frame of every figure: its finding as a title, the drawing or its table, and ways to take both along. */
import type { ComponentChildren, JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { useWidth } from "../core/hooks";
import { saveCsv, savePng, saveSvg, type Table } from "../core/saving";
import { t } from "../core/strings";
import theme from "../core/theme";
import type { StampEntry } from "../core/types";
import { DataTable } from "./DataTable";

interface Props {
  title: string;
  subtitle?: string;
  /** What the figure shows, in one sentence with its numbers: read out in place of the picture. */
  sentence: string;
  table: Table;
  stamp: StampEntry;
  /** The name of saved files. */
  file: string;
  level?: 2 | 3;
  controls?: ComponentChildren;
  after?: ComponentChildren;
  /** Draws at a width; the drawing's height comes with it. */
  draw: (width: number) => { height: number; body: ComponentChildren };
  overlay?: (width: number) => ComponentChildren;
  className?: string;
}

export function stampRow(stamp: StampEntry): Record<string, string | number> {
  return {
    case: stamp.case, as_of: stamp.as_of, run: stamp.run, kind: stamp.kind === "user" ? "user scenario" : "published",
    simulations: stamp.simulations, seed: stamp.seed, model_version: stamp.model_version,
  };
}

export function Figure(props: Props): JSX.Element {
  const id = useId();
  const [asTable, setTable] = useState(false);
  const [box, width] = useWidth<HTMLDivElement>();
  const drawing = useRef<SVGSVGElement>(null);
  const source = (props.stamp.kind === "user" ? `${t("stamp.user")} · ` : "") + props.stamp.source_line;
  const caption = { title: props.title, subtitle: props.subtitle ?? "", source };
  const name = `afterfall-${props.stamp.case.replace(/\W/g, "-")}-${props.stamp.as_of}-${props.file}`;
  const drawn = props.draw(width);
  const Heading = props.level === 3 ? "h3" : "h2";
  return (
    <section class={`card figure ${props.className ?? ""}`} aria-labelledby={id}>
      <header>
        <div class="heads">
          <Heading id={id}>{props.title}</Heading>
          {props.subtitle && <p class="sub">{props.subtitle}</p>}
        </div>
        <div class="tools" role="group" aria-label={t("figure.tools", { title: props.title })}>
          <button type="button" aria-pressed={asTable} onClick={() => setTable(!asTable)}>{t("figure.table")}</button>
          <button type="button" onClick={() => drawing.current && saveSvg(name, drawing.current, caption)}>SVG</button>
          <button type="button" onClick={() => drawing.current && void savePng(name, drawing.current, caption)}>PNG</button>
          <button type="button" onClick={() => saveCsv(name, props.table, stampRow(props.stamp))}>CSV</button>
        </div>
      </header>
      {props.controls && <div class="controls">{props.controls}</div>}
      {asTable && <DataTable table={props.table} caption={props.title} />}
      <div class="drawing" ref={box} hidden={asTable}>
        <svg
          ref={drawing} role="img" aria-label={props.sentence} viewBox={`0 0 ${width} ${drawn.height}`} width={width} height={drawn.height}
          font-family={theme.font} font-size="12" fill={theme.ink}
        >
          {drawn.body}
        </svg>
        {props.overlay?.(width)}
      </div>
      {props.after}
      <p class="source">
        {props.stamp.kind === "user" && <strong class="user">{t("stamp.user")}</strong>}
        {[props.stamp.source_line, ...props.stamp.notes].join(" · ")}
      </p>
    </section>
  );
}
