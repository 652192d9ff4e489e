/** What policy B buys against A: paired differences on the same random draws, refined while one watches. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { compared, Latest } from "../core/api";
import { usePage, useShow } from "../core/hooks";
import { capital, monthsAfter, range, share, signed, two } from "../core/numbers";
import { asked, COMPARED } from "../core/state";
import { t } from "../core/strings";
import { SIDE_A, SIDE_B } from "../core/theme";
import type { CompareState, CompareStep, DifferenceRow, SideFan } from "../core/types";
import { topOf, drawFan } from "../parts/Fan";
import { drawDifferences } from "../parts/DiffDots";
import { Printed } from "../parts/DataTable";
import { Figure } from "../parts/Figure";
import { Levers, standing } from "../parts/Levers";
import type { LeversObject } from "../parts/Lever";
import { Notes } from "../parts/Notes";
import { Trouble } from "../parts/Waiting";
import { pointsOf } from "./Outlook";

interface Live {
  step: CompareStep | null;
  /** What the server does while there is no newer picture. */
  doing: CompareState | null;
  error: Error | null;
  /** Whether `step` is of the levers as they stand. */
  current: boolean;
}

/** The comparison of what the address asks for, refined step by step; a moved lever supersedes it. */
function useLive(query: string | null): Live & { stop: () => void } {
  const [live, put] = useState<Live>({ step: null, doing: null, error: null, current: false });
  const work = useRef<AbortController | null>(null);
  const queue = useRef<Latest<string> | null>(null);
  queue.current ??= new Latest<string>(async (wanted, free) => {
    work.current?.abort();
    const own = new AbortController();
    work.current = own;
    const mine = () => work.current === own;
    put((last) => ({ ...last, current: false, error: null }));
    try {
      for await (const line of compared(new URLSearchParams(wanted), own.signal)) {
        if (!mine()) return;
        if (line.kind === "step") {
          put({ step: line, doing: null, error: null, current: true });
          free();
        } else put((last) => ({ ...last, doing: line }));
      }
    } catch (error) {
      if (mine() && !own.signal.aborted) put((last) => ({ ...last, doing: null, error: error as Error }));
    }
  });
  useEffect(() => {
    if (query !== null) queue.current!.ask(query);
  }, [query]);
  useEffect(() => () => work.current?.abort(), []);
  const stop = () => {
    work.current?.abort();
    put((last) => ({ ...last, doing: { kind: "state", state: "cancelled", done: 0, total: 0, text: "" } }));
  };
  return { ...live, stop };
}

const moved = (state: { levers: object; package: string; against: string }): boolean => Boolean(Object.keys(state.levers).length || state.package || state.against);

export function Compare(): JSX.Element {
  const { state, vintage, say } = usePage();
  const levers = vintage?.levers as unknown as LeversObject | undefined;
  const active = moved(state);
  const live = useLive(active ? asked(state, COMPARED).toString() : null);
  const { step } = live;
  useEffect(() => {
    if (step?.final) say(step.sentence);
  }, [step]);
  return (
    <div class="view compare">
      {levers && <Levers object={levers} />}
      <div class="results">
        {!active && <Start levers={levers} />}
        {active && <Progress live={live} />}
        {live.error && <Trouble error={live.error} />}
        {active && step && <Result step={step} stale={!live.current} levers={levers} />}
      </div>
    </div>
  );
}

/** Outcomes drawn at first: those that move, in the server's order. */
const FIRST = 10;

/** Before a lever is moved: what can be done here, and packages to begin with. */
function Start({ levers }: { levers: LeversObject | undefined }): JSX.Element {
  const { go } = usePage();
  return (
    <section class="card start">
      <h2>{t("compare.start")}</h2>
      <p>{t("compare.start.sub")}</p>
      <div class="choices">
        {Object.entries(levers?.packages ?? {}).map(([name, one]) => (
          <button key={name} type="button" onClick={() => go({ package: name, levers: {} })}>
            <b>{one.title}</b>
            <span class="muted">{one.levers.map((part) => `${levers?.levers[part.lever]?.title ?? part.lever} ${two(part.intensity)}`).join(" · ")}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

function Progress({ live }: { live: Live & { stop: () => void } }): JSX.Element {
  const { meta } = usePage();
  const { step, doing } = live;
  const last = step?.final && live.current ? step.simulations : Math.max(...meta.steps);
  const steps = [...meta.steps.filter((one) => one < last), last];
  const done = step && live.current ? step.simulations : 0;
  const final = Boolean(step?.final && live.current);
  const busy = !final && doing?.state !== "cancelled" && doing?.state !== "failed" && !live.error;
  return (
    <div class="refining" role="group" aria-label={t("compare.refining")}>
      <ol aria-hidden="true">
        {steps.map((one) => <li key={one} class={done >= one ? "done" : busy && steps.find((s) => s > done) === one ? "next" : ""}>{one.toLocaleString("en-GB")}</li>)}
      </ol>
      <p>
        {doing && busy && !done ? doing.text || t(`doing.${doing.state}`) : final ? t("compare.final", { n: done.toLocaleString("en-GB") }) : done ? t("compare.preview", { n: done }) : doing?.state === "cancelled" ? t("compare.stopped") : t("compare.first")}
        {step && live.current && <span class="muted"> · {two(step.milliseconds)} ms</span>}
      </p>
      {busy && <button type="button" class="plain" onClick={live.stop}>{t("compare.stop")}</button>}
    </div>
  );
}

function Result({ step, stale, levers }: { step: CompareStep; stale: boolean; levers: LeversObject | undefined }): JSX.Element {
  const { why } = usePage();
  const [all, setAll] = useShow("rows", "main");
  const moving = step.rows.filter((one) => one.shown && one.dots.some((dot) => dot !== 0));
  const rows = all === "all" ? step.rows : moving.slice(0, FIRST);
  const still = step.rows.length - step.rows.filter((one) => one.dots.some((dot) => dot !== 0)).length;
  const groups = [...new Set(rows.map((one) => one.group))];
  return (
    <div class={stale ? "result stale" : "result"} aria-busy={stale}>
      <section class="card verdict" aria-labelledby="verdict">
        <h2 id="verdict">{step.title}</h2>
        <p class="lead">{step.sentence}</p>
        {levers && <Differs levers={levers} />}
        <ul class="muted small">{step.headline.map((one) => <li key={one}>{one}</li>)}</ul>
        {!step.final && <p class="note">{t("compare.few", { n: step.simulations })}</p>}
      </section>
      <Figure
        title={t("compare.differences")} subtitle={t("compare.differences.sub", { n: step.simulations.toLocaleString("en-GB") })} sentence={step.sentence} stamp={step.stamp} file="differences"
        table={{
          columns: [t("table.outcome"), "A", "B", t("diff.median"), t("dots.range"), t("compare.better")], numeric: [false, true, true, true, true, false],
          rows: rows.map((one) => [one.label, two(one.mean_a), two(one.mean_b), signed(one.median), range(one.low90, one.high90), one.text]),
        }}
        controls={
          <div class="segments" role="group" aria-label={t("compare.rows")}>
            {(["main", "all"] as const).map((one) => <button key={one} type="button" aria-pressed={all === one} onClick={() => setAll(one)}>{t(`compare.rows.${one}`)}</button>)}
          </div>
        }
        draw={(width) => drawDifferences(rows, width)}
        after={<p class="note">{still > 0 && t("compare.still", { n: still })} {rows.some((one) => one.hindsight) && t("hindsight")}</p>}
      />
      <section class="card says" aria-labelledby="says">
        <h2 id="says">{t("compare.says")}</h2>
        {groups.map((group) => (
          <div key={group}>
            <h3>{rows.find((one) => one.group === group)!.group_label}</h3>
            <ul class="says">{rows.filter((one) => one.group === group).map((one) => <Said key={one.quantity} row={one} onWhy={() => why(one.quantity)} />)}</ul>
          </div>
        ))}
      </section>
      {step.fans.length > 0 && <Fans step={step} />}
      {step.side_effects && <section class="card">{<Printed table={step.side_effects} />}</section>}
      <section class="card"><Printed table={step.costs} /></section>
      <section class="card"><Printed table={step.evidence} /></section>
      <Notes notes={step.notes} />
    </div>
  );
}

function Said({ row, onWhy }: { row: DifferenceRow; onWhy: () => void }): JSX.Element {
  return (
    <li>
      <span class={`verdict-mark ${row.verdict}`}>{t(`verdict.${row.verdict}`)}</span>
      <span>{capital(row.text)}</span>
      <button type="button" class="why" onClick={onWhy} aria-label={t("why.about", { what: row.label })}>{t("why.short")}</button>
    </li>
  );
}

/** Which levers differ, before what that does. */
function Differs({ levers }: { levers: LeversObject }): JSX.Element {
  const { state } = usePage();
  const a = (name: string) => standing(name, {}, levers, state.against);
  const b = (name: string) => standing(name, state.levers, levers, state.package);
  const names = Object.keys(levers.levers).filter((name) => Math.abs(a(name) - b(name)) > 0.001);
  return (
    <div class="differs">
      <table>
        <caption>{t("compare.differs")}</caption>
        <thead><tr><th scope="col">{t("compare.lever")}</th><th scope="col" class="number side-a">A</th><th scope="col" class="number side-b">B</th></tr></thead>
        <tbody>
          {names.map((name) => <tr key={name}><th scope="row">{levers.levers[name]!.title}</th><td class="number">{share(a(name))}</td><td class="number">{share(b(name))}</td></tr>)}
        </tbody>
      </table>
    </div>
  );
}

function Fans({ step }: { step: CompareStep }): JSX.Element {
  const [chosen, choose] = useShow("fan", step.fans[0]!.code);
  const one: SideFan = step.fans.find((fan) => fan.code === chosen) ?? step.fans[0]!;
  const [a, b] = [pointsOf(one.a), pointsOf(one.b)];
  const top = Math.max(topOf(a), topOf(b));
  const ends = [a.at(-1), b.at(-1)].map((p) => (p ? `${two(p.mid)} (${range(p.low90, p.high90)})` : "–"));
  return (
    <Figure
      title={t("compare.fans", { label: capital(one.label) })} subtitle={t("outlook.time.sub", { place: t("compare.sides") })} stamp={step.stamp} file={`sides-${one.code}`}
      sentence={t("compare.fans.sentence", { label: one.label, a: ends[0]!, b: ends[1]! })}
      table={{
        columns: [t("table.month"), `A ${t("dots.median")}`, `A ${t("dots.range")}`, `B ${t("dots.median")}`, `B ${t("dots.range")}`],
        rows: a.map((p, i) => [one.a.dates[i] ?? "", two(p.mid), range(p.low90, p.high90), two(b[i]?.mid), range(b[i]?.low90, b[i]?.high90)]),
      }}
      controls={step.fans.length > 1 && (
        <label>{t("table.outcome")}{" "}
          <select value={one.code} onChange={(event) => choose(event.currentTarget.value)}>{step.fans.map((fan) => <option key={fan.code} value={fan.code}>{fan.label}</option>)}</select>
        </label>
      )}
      draw={(width) => {
        const dates = (month: number) => monthsAfter(step.stamp.as_of, Math.round(month));
        const common = { dates, unit: t("people"), top, height: 210 };
        const half = width < 620 ? width : Math.floor((width - 20) / 2);
        const left = drawFan({ ...common, points: a, colour: SIDE_A, title: "A", name: "A" }, half);
        const right = drawFan({ ...common, points: b, colour: SIDE_B, title: "B", name: "B" }, half);
        const stacked = half === width;
        return {
          height: stacked ? left.height * 2 + 12 : left.height,
          body: <g>{left.body}<g transform={stacked ? `translate(0,${left.height + 12})` : `translate(${half + 20},0)`}>{right.body}</g></g>,
        };
      }}
    />
  );
}
