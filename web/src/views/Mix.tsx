/** The best mix of levers under a budget: asked for here, searched as a job, shown with how sure it is. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { fresh, post, remove } from "../core/api";
import { usePage, useShow } from "../core/hooks";
import { capital, day, range, share, signed, two } from "../core/numbers";
import { searched } from "../core/state";
import { t, type Key } from "../core/strings";
import type { JobAnswer, MixAnswer, MixRow, OptionOutcome } from "../core/types";
import { Code } from "../parts/Code";
import { Printed } from "../parts/DataTable";
import { Figure } from "../parts/Figure";
import type { LeversObject } from "../parts/Lever";
import { Notes } from "../parts/Notes";
import { drawOptions } from "../parts/OptionDots";
import { Trouble, Waiting } from "../parts/Waiting";

/** What can be judged and what can be limited, by their names in the program; most mixes that it searches. */
export const OUTCOMES = ["undetected", "self_returned", "dispatched_so_far", "disengage", "killed_so_far", "wrongly_flagged_so_far", "stateless", "held_minors", "escaped"] as const;
export const BUDGETS = ["monitored", "in_programme", "imprisoned", "under_assessment", "repatriated", "prosecuted"] as const;
const MOST = 300;
const SIMULATIONS = [100, 200, 400, 1000];
const SECOND = 1000;
const busy = (job: JobAnswer | null): boolean => job?.state === "queued" || job?.state === "running";

/** Mixes of levers that are each as now, half way to full, or full. */
function mixes(names: string[], levers: LeversObject): number {
  return names.reduce((found, name) => found * (1 + ((levers.levers[name]?.intensity_now ?? 0) < 1 ? 2 : 1)), 1);
}

/** A job that is followed until it ends, and what it found. */
function useSearch() {
  const [id, keep] = useShow("job", "");
  const [job, put] = useState<JobAnswer | null>(null);
  const [found, show] = useState<MixAnswer | null>(null);
  const [error, fail] = useState<Error | null>(null);
  useEffect(() => {
    if (!/^[0-9a-f]{16}$/.test(id)) return;
    let timer = 0;
    let current = true;
    const look = async () => {
      const now = await fresh<JobAnswer>(`jobs/${id}`);
      const answer = now.state === "done" ? await fresh<MixAnswer>(`jobs/${id}/mix`) : null;
      if (!current) return;
      put(now);
      if (answer) show(answer);
      if (busy(now)) timer = window.setTimeout(() => void look().catch(lost), SECOND);
    };
    // A link may name a job of another server: what was searched is then searched again when asked for.
    const lost = () => current && keep("");
    void look().catch(lost);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [id]);
  const begin = async (body: object) => {
    fail(null);
    show(null);
    put(null);
    await post<JobAnswer>("jobs", JSON.stringify(body), "application/json").then((one) => { put(one); keep(one.job); }, fail);
  };
  const stop = () => void remove<JobAnswer>(`jobs/${id}`).then(put, fail);
  return { job, found, error, begin, stop };
}

export function BestMix(): JSX.Element {
  const { vintage, say } = usePage();
  const levers = vintage?.levers as unknown as LeversObject | undefined;
  const search = useSearch();
  const { job, found } = search;
  useEffect(() => {
    if (found) say(found.title);
  }, [found]);
  if (!levers) return <Waiting what={t("opening")} />;
  return (
    <div class="several">
      <Ask levers={levers} running={busy(job)} begin={(body) => void search.begin(body)} />
      {search.error && <Trouble error={search.error} />}
      {job && job.state !== "done" && <Progress job={job} stop={search.stop} />}
      {found && <Found value={found} levers={levers} />}
    </div>
  );
}

function Progress({ job, stop }: { job: JobAnswer; stop: () => void }): JSX.Element {
  const words = job.state === "queued" ? t("jobs.state.queued") : job.stage === "simulating"
    ? t("mix.round", { round: job.message.replace(/\D/g, "") || 1, done: job.done.toLocaleString("en-GB"), total: job.total.toLocaleString("en-GB") })
    : t("mix.preparing");
  return (
    <section class="card searching" aria-label={t("mix.progress")}>
      {busy(job)
        ? <><p role="status">{words}</p><progress {...(job.total > 0 ? { max: job.total, value: job.done } : {})} aria-label={t("mix.progress")} /><p><button type="button" onClick={stop}>{t("jobs.cancel")}</button></p></>
        : <p role="status"><span class={`pill ${job.state}`}>{t(`jobs.state.${job.state}`)}</span> {job.message}</p>}
    </section>
  );
}

interface Limit {
  name: string;
  amount: string;
}

function Ask({ levers, running, begin }: { levers: LeversObject; running: boolean; begin: (body: object) => void }): JSX.Element {
  const { state, go, meta, vintage } = usePage();
  const [limits, put] = useState<Limit[]>(() => state.budget.length ? state.budget.map((one) => ({ name: one.split("=")[0]!, amount: one.split("=")[1]! })) : [{ name: "monitored", amount: "" }]);
  const [simulations, setSimulations] = useState(200);
  const { mix, outcome } = searched(state);
  const names = Object.keys(levers.levers);
  const number = mixes(mix, levers);
  const labels = new Map((vintage?.quantities ?? []).map((one) => [one.code, one.label]));
  const outcomes = OUTCOMES.filter((one) => labels.has(one));
  const limit = (next: Limit[]) => {
    put(next);
    go({ budget: next.filter((one) => one.amount !== "").map((one) => `${one.name}=${one.amount}`) }, true);
  };
  const change = (at: number, by: Partial<Limit>) => limit(limits.map((one, i) => (i === at ? { ...one, ...by } : one)));
  const free = BUDGETS.filter((one) => !limits.some((other) => other.name === one));
  const tick = (name: string, on: boolean) => go({ mix: names.filter((one) => (one === name ? on : mix.includes(one))) }, true);
  const submit = (event: Event) => {
    event.preventDefault();
    begin({
      kind: "mix", case: state.case || meta.defaults.case, as_of: state.as_of || null, horizon: state.horizon || meta.defaults.horizon, at: state.at ? String(state.at) : null,
      focus: state.focus || null, simulations, budget: state.budget, mix, outcome, against: state.against || null,
    });
  };
  return (
    <form class="card mix" onSubmit={submit} aria-labelledby="mix">
      <h2 id="mix">{t("mix.title")}</h2>
      <p class="sub">{t("mix.sub")}</p>
      <div class="mix-parts">
        <fieldset>
          <legend>{t("mix.budget")}</legend>
          {limits.map((one, i) => (
            <div class="limit" key={i}>
              <label><span class="hidden">{t("mix.amount")}</span>
                <input type="number" min="0" max="100000000" step="any" value={one.amount} placeholder={t("mix.nolimit")} onInput={(event) => event.currentTarget.validity.valid && change(i, { amount: event.currentTarget.value })} /></label>
              <label><span class="hidden">{t("mix.of")}</span>
                <select value={one.name} onChange={(event) => change(i, { name: event.currentTarget.value })}>
                  {[...new Set([one.name, ...free])].map((name) => <option key={name} value={name}>{t(`mix.budget.${name}` as Key)}</option>)}
                </select></label>
              {limits.length > 1 && <button type="button" class="plain" onClick={() => limit(limits.filter((_, k) => k !== i))}>{t("given.remove")}</button>}
            </div>
          ))}
          {free.length > 0 && limits.length < 3 && <button type="button" class="plain" onClick={() => put([...limits, { name: free[0]!, amount: "" }])}>{t("mix.another")}</button>}
          <p class="note">{t("mix.budget.sub")}</p>
        </fieldset>
        <fieldset>
          <legend>{t("mix.levers")}</legend>
          <div class="ticks">
            {names.map((name) => (
              <label key={name}><input type="checkbox" checked={mix.includes(name)} disabled={levers.levers[name]!.public_at_as_of === false || (mix.length === 1 && mix[0] === name)} onChange={(event) => tick(name, event.currentTarget.checked)} /> {levers.levers[name]!.title}</label>
            ))}
          </div>
          <p class={number > MOST ? "warn" : "note"}>{t(number > MOST ? "mix.toomany" : "mix.number", { n: number.toLocaleString("en-GB"), most: MOST })}</p>
        </fieldset>
        <fieldset>
          <legend>{t("mix.judged")}</legend>
          <label class="row"><span class="hidden">{t("mix.judged")}</span>
            <select value={outcome} onChange={(event) => go({ outcome: event.currentTarget.value }, true)}>
              {[...new Set([outcome, ...outcomes])].map((one) => <option key={one} value={one}>{capital(labels.get(one) ?? one)}</option>)}
            </select></label>
          <label class="row">{t("mix.simulations")}{" "}
            <select value={simulations} onChange={(event) => setSimulations(Number(event.currentTarget.value))}>
              {SIMULATIONS.map((one) => <option key={one} value={one}>{one.toLocaleString("en-GB")}</option>)}
            </select></label>
          <p><button type="submit" class="main" disabled={running || number > MOST}>{t("mix.search")}</button></p>
        </fieldset>
      </div>
    </form>
  );
}

/** A mix in words: its levers and how far each goes. */
function named(row: MixRow, levers: LeversObject): string {
  if (!row.settings.length) return t("levers.asnow");
  return row.name.split(" ").map((one) => `${levers.levers[one.split("=")[0]!]?.title ?? one.split("=")[0]} ${two(Number(one.split("=")[1]))}`).join(", ");
}

/** The finalists as rows of a picture of options: what they gain over now, better to the right. */
function drawn(value: MixAnswer, levers: LeversObject): OptionOutcome {
  const rows = value.rows.filter((row) => row.settings.length).map((row) => ({
    name: named(row, levers) + (row.within ? "" : ` (${t("mix.beyond")})`), mean: row.gain, low90: row.low90, high90: row.high90, dots: row.dots, verdict: "neither" as const,
    best: row.best, regret: null, text: "",
  }));
  return { quantity: value.outcome, label: value.outcome_label, group: "", group_label: "", direction: "more", matters: true, now: 0, rows };
}

function Found({ value, levers }: { value: MixAnswer; levers: LeversObject }): JSX.Element {
  const { go, state, why } = usePage();
  const best = value.rows[0]!;
  const others = value.rows.filter((row) => row.settings.length);
  const asB = () => go({ levers: Object.fromEntries(best.name.split(" ").map((one) => [one.split("=")[0]!, Number(one.split("=")[1])])), package: "", show: {} });
  const beside = () => go({ option: others.map((row, i) => `${t("mix.name", { n: i + 1 })}: ${row.name}`), show: { ...state.show, way: "options" } });
  const outcome = drawn(value, levers);
  const [first, ...rest] = value.sentences;
  return (
    <div class="result">
      <section class="card verdict" aria-labelledby="found">
        <h2 id="found">{best.settings.length ? t(best.small ? "mix.found.small" : "mix.found", { mix: named(best, levers) }) : value.title}</h2>
        <p class="lead">{first}</p>
        <ul class="says plain-list">{rest.map((one) => <li key={one}>{one}</li>)}</ul>
        <p class="muted small">{value.headline}</p>
        <div class="controls">
          {best.settings.length > 0 && <button type="button" onClick={asB}>{t("mix.asb")}</button>}
          {others.length > 0 && <button type="button" onClick={beside}>{t("mix.beside")}</button>}
          <button type="button" class="why" onClick={() => why(value.outcome)} aria-label={t("why.about", { what: value.outcome_label })}>{t("why.short")}</button>
        </div>
      </section>
      <section class="card" aria-labelledby="finalists">
        <h2 id="finalists">{t("mix.finalists", { n: value.rows.length, all: value.candidates })}</h2>
        <p class="sub">{t("mix.finalists.sub", { outcome: value.outcome_label, day: day(value.at_date) })}</p>
        <Finalists value={value} levers={levers} />
      </section>
      {outcome.rows.length > 0 && (
        <Figure
          title={t("mix.figure", { outcome: value.outcome_label })} subtitle={t("mix.figure.sub", { n: Math.ceil(value.stamp.simulations / 2) })} stamp={value.stamp} file="best-mix"
          sentence={`${value.title}. ${outcome.rows.map((row) => `${row.name}: ${signed(row.mean)} (${range(row.low90, row.high90)})`).join("; ")}.`}
          table={{
            columns: [t("mix.mix"), t("mix.gain"), t("dots.range"), t("options.best")], numeric: [false, true, true, true],
            rows: value.rows.map((row) => [named(row, levers), signed(row.gain), range(row.low90, row.high90), row.best === null ? "–" : share(row.best)]),
          }}
          draw={(width) => drawOptions(outcome, width, [t("mix.worse"), t("mix.better")])}
        />
      )}
      <details class="card more-tables">
        <summary>{t("options.tables")}</summary>
        {value.tables.map((one) => <Printed key={one.title} table={one} />)}
      </details>
      <section class="card"><h2>{t("code.same")}</h2><Code code={value.code} /></section>
      <Notes notes={value.notes} />
    </div>
  );
}

function Finalists({ value, levers }: { value: MixAnswer; levers: LeversObject }): JSX.Element {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-labelledby="finalists">
      <table class="finalists">
        <thead>
          <tr>
            <th scope="col">{t("mix.mix")}</th><th scope="col" class="number">{t("mix.gain")}<span class="under">{t("dots.range")}</span></th><th scope="col" class="number">{t("options.best")}</th>
            {value.budgets.map((one) => <th scope="col" class="number" key={one.name}>{t("mix.spent", { unit: one.unit })}<span class="under">{t("mix.atmost", { amount: two(one.amount) })}</span></th>)}
            {value.budgets.length > 0 && <th scope="col" class="number">{t("mix.over")}</th>}
          </tr>
        </thead>
        <tbody>
          {value.rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{named(row, levers)}{!row.within && <span class="under">{t("mix.beyond")}</span>}</th>
              <td class="number"><b>{signed(row.gain)}</b><span class="under">{range(row.low90, row.high90)}</span>{row.small && <span class="under">{t("mix.small")}</span>}</td>
              <td class="number">{row.best === null ? "–" : share(row.best)}</td>
              {row.spent.map((one, i) => <td class="number" key={i}>{signed(one)}</td>)}
              {value.budgets.length > 0 && <td class="number">{share(row.over)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
