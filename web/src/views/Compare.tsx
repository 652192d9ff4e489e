/** What policy B buys against A: paired differences on the same random draws, refined while one watches. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { usePage, useShow } from "../core/hooks";
import { useLive } from "../core/live";
import { capital, monthsAfter, range, signed, two } from "../core/numbers";
import { asked, COMPARED } from "../core/state";
import { t } from "../core/strings";
import { SIDE_A, SIDE_B } from "../core/theme";
import type { CompareStep, DifferenceRow, SideFan } from "../core/types";
import { topOf, drawFan } from "../parts/Fan";
import { drawDifferences } from "../parts/DiffDots";
import { Printed } from "../parts/DataTable";
import { Figure } from "../parts/Figure";
import { Fold } from "../parts/Fold";
import { later } from "../parts/Later";
import { Levers, standing } from "../parts/Levers";
import { usable, type LeversObject } from "../parts/Lever";
import { Notes } from "../parts/Notes";
import { Refining } from "../parts/Refining";
import { Trouble } from "../parts/Waiting";
import { EachLever, Options } from "./Options";
import { pointsOf } from "./Outlook";

const moved = (state: { levers: object; package: string; against: string }): boolean => Boolean(Object.keys(state.levers).length || state.package || state.against);

const BestMix = later(() => import("./Mix").then((found) => found.BestMix));

/** The ways to compare: each a tab of its own, kept in the address. */
const WAYS = ["sides", "levers", "options", "mix"] as const;

export function Compare(): JSX.Element {
  const [way, choose] = useShow("way", "sides");
  const shown = WAYS.find((one) => one === way) ?? "sides";
  const step = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    event.preventDefault();
    const next = WAYS[(WAYS.indexOf(shown) + by + WAYS.length) % WAYS.length]!;
    choose(next, false);
    document.getElementById(`way-${next}`)?.focus();
  };
  return (
    <div class="view compare">
      <div class="ways" role="tablist" aria-label={t("compare.ways")}>
        {WAYS.map((one) => (
          <button key={one} id={`way-${one}`} type="button" role="tab" aria-selected={shown === one} aria-controls="way" tabIndex={shown === one ? 0 : -1} onKeyDown={step} onClick={() => choose(one, false)}>{t(`compare.way.${one}`)}</button>
        ))}
      </div>
      <div class="way" id="way" role="tabpanel" aria-labelledby={`way-${shown}`}>
        {shown === "sides" ? <Sides /> : shown === "levers" ? <EachLever /> : shown === "options" ? <Options /> : <BestMix />}
      </div>
    </div>
  );
}

function Sides(): JSX.Element {
  const { state, vintage, say } = usePage();
  const levers = vintage?.levers as unknown as LeversObject | undefined;
  const active = moved(state);
  const live = useLive<CompareStep>("compare", active ? asked(state, COMPARED).toString() : null);
  const { step } = live;
  useEffect(() => {
    if (step?.final) say(step.sentence);
  }, [step]);
  return (
    <>
      {levers && <Levers object={levers} />}
      {active && step && <InSight step={step} stale={!live.current} />}
      <div class={active ? "results" : "results before"}>
        {!active && <Start levers={levers} />}
        {active && <Refining live={live} />}
        {live.error && <Trouble error={live.error} />}
        {active && step && <Result step={step} stale={!live.current} levers={levers} />}
      </div>
    </>
  );
}

/** On a phone: what the levers do, at the foot of the screen for as long as the levers are in sight. */
function InSight({ step, stale }: { step: CompareStep; stale: boolean }): JSX.Element {
  const see = (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById("verdict")?.scrollIntoView({ block: "start" });
  };
  return <p class={stale ? "in-sight stale" : "in-sight"}><a href="#verdict" onClick={see}>{step.title.replace(/^[^:]*: /, "B: ")}</a></p>;
}

/** Outcomes drawn at first: those that move, in the server's order. */
const FIRST = 10;

/** Before a lever is moved: what can be done here, and packages to begin with. */
function Start({ levers }: { levers: LeversObject | undefined }): JSX.Element {
  const { go } = usePage();
  return (
    <section class="card start">
      <h2>{t(levers && !usable(levers).length ? "compare.start.levers" : "compare.start")}</h2>
      <p>{t("compare.start.sub")}</p>
      <div class="choices">
        {(levers ? usable(levers) : []).map(([name, one]) => (
          <button key={name} type="button" onClick={() => go({ package: name, levers: {} })}>
            <b>{one.title}</b>
            <span class="muted">{one.levers.map((part) => `${levers?.levers[part.lever]?.title ?? part.lever} ${two(part.intensity)}`).join(" · ")}</span>
          </button>
        ))}
      </div>
    </section>
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
      <Fold title={t("compare.says")} className="says">
        {groups.map((group) => (
          <div key={group}>
            <h3>{rows.find((one) => one.group === group)!.group_label}</h3>
            <ul class="says">{rows.filter((one) => one.group === group).map((one) => <Said key={one.quantity} row={one} onWhy={() => why(one.quantity)} />)}</ul>
          </div>
        ))}
      </Fold>
      {step.fans.length > 0 && <Fans step={step} />}
      {[step.side_effects, step.costs, step.evidence].map((one) => one && one.sections.length > 0 && <Fold key={one.title} title={one.title}><Printed table={one} hideTitle /></Fold>)}
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
          {names.map((name) => <tr key={name}><th scope="row">{levers.levers[name]!.title}</th><td class="number">{two(a(name))}</td><td class="number">{two(b(name))}</td></tr>)}
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
