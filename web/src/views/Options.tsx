/** Several options at once, with the same random draws: every lever in full, or options that the reader sets. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { usePage, useShow } from "../core/hooks";
import { useLive } from "../core/live";
import { capital, day, monthsAfter, range, share, signed, two } from "../core/numbers";
import { asked, OPTIONS, type State } from "../core/state";
import { t, type Key } from "../core/strings";
import type { OptionOutcome, OptionsStep } from "../core/types";
import { Code } from "../parts/Code";
import { Printed } from "../parts/DataTable";
import { Figure } from "../parts/Figure";
import { usable, weakest, type LeversObject } from "../parts/Lever";
import { Notes } from "../parts/Notes";
import { drawOptions } from "../parts/OptionDots";
import { Refining } from "../parts/Refining";
import { Trouble, Waiting } from "../parts/Waiting";

/** Most options that a reader sets, and letters of a name. */
const MOST = 6;
/** Simulations of all options together, as the server has them. */
const ALL = 1200;

const useLevers = (): LeversObject | undefined => usePage().vintage?.levers as unknown as LeversObject | undefined;
const mostOf = (n: number): number => Math.min(200, Math.floor(ALL / Math.max(1, n)));

/** Every lever in full, one at a time. */
export function EachLever(): JSX.Element {
  const { state } = usePage();
  const levers = useLevers();
  const names = Object.keys(levers?.levers ?? {}).filter((name) => levers!.levers[name]!.public_at_as_of !== false);
  const [begun, begin] = useShow("begun", "");
  const option = names.map((name) => `${levers!.levers[name]!.title}: ${name}=1`);
  const query = begun && option.length ? asked({ ...state, option }, OPTIONS).toString() : null;
  const live = useLive<OptionsStep>("options", query);
  if (!levers) return <Waiting what={t("opening")} />;
  return (
    <div class="several">
      {!begun && (
        <section class="card start">
          <h2>{t("levers.each")}</h2>
          <p>{t("levers.each.sub", { n: names.length })}</p>
          <p><button type="button" class="main" onClick={() => begin("yes", false)}>{t("levers.each.begin", { n: names.length })}</button></p>
        </section>
      )}
      {begun && <Refining live={live} most={mostOf(names.length)} parts />}
      {live.error && <Trouble error={live.error} />}
      {begun && live.step && <Standings step={live.step} stale={!live.current} levers={levers} />}
    </div>
  );
}

/** The text of an option from what is set as B. */
function ofB(state: State, name: string): string {
  const set = Object.keys(state.levers).sort().map((one) => `${one}=${Math.round(state.levers[one]! * 1000) / 1000}`);
  return `${name}: ${[state.package, ...set].filter(Boolean).join(" ")}`;
}

/** The text of an option that is a package, under the title of the package. */
const ofPackage = (name: string, title: string): string => `${title.split(/[:/]/)[0]!.slice(0, 60).trim()}: ${name}`;

const nameOf = (option: string): string => option.slice(0, option.indexOf(":")).trim();

/** Options that the reader sets: packages, and what stands as B. */
export function Options(): JSX.Element {
  const { state, say } = usePage();
  const levers = useLevers();
  const query = state.option.length ? asked(state, OPTIONS).toString() : null;
  const live = useLive<OptionsStep>("options", query);
  const { step } = live;
  useEffect(() => {
    if (step?.final) say(step.title);
  }, [step]);
  if (!levers) return <Waiting what={t("opening")} />;
  return (
    <div class="several">
      <Chosen levers={levers} />
      {query && <Refining live={live} most={mostOf(state.option.length)} parts />}
      {live.error && <Trouble error={live.error} />}
      {query && step && <Standings step={step} stale={!live.current} levers={null} />}
    </div>
  );
}

function Chosen({ levers }: { levers: LeversObject }): JSX.Element {
  const { state, go } = usePage();
  const [name, put] = useState("");
  const names = state.option.map(nameOf);
  const free = usable(levers).map(([one, { title }]) => ofPackage(one, title)).filter((one) => !state.option.includes(one));
  const full = names.length >= MOST;
  const set = Object.keys(state.levers).length > 0 || state.package !== "";
  const own = name.trim().replace(/[:/\\]/g, "").slice(0, 40) || "B";
  const add = (option: string) => go({ option: [...state.option, option] });
  return (
    <section class="card chosen" aria-labelledby="chosen">
      <header>
        <div class="heads"><h2 id="chosen">{t("options.title")}</h2><p class="sub">{t("options.sub", { most: MOST })}</p></div>
        <button type="button" class="plain" disabled={!names.length} onClick={() => go({ option: [] })}>{t("options.clear")}</button>
      </header>
      {names.length > 0 && (
        <ul class="option-list">
          {state.option.map((one) => (
            <li key={one}>
              <span><b>{nameOf(one)}</b> <span class="muted small">{settings(one, levers)}</span></span>
              <button type="button" onClick={() => go({ option: state.option.filter((other) => other !== one) })} aria-label={t("options.remove", { name: nameOf(one) })}>{t("given.remove")}</button>
            </li>
          ))}
        </ul>
      )}
      <div class="controls">
        {free.length > 1 && !names.length && <button type="button" class="main" onClick={() => go({ option: free.slice(0, MOST) })}>{t("options.packages", { n: Math.min(MOST, free.length) })}</button>}
        {free.length > 0 && (
          <label>{t("options.add")}{" "}
            <select value="" disabled={full} onChange={(event) => event.currentTarget.value && add(event.currentTarget.value)}>
              <option value="">{t("options.pick")}</option>
              {free.map((one) => <option key={one} value={one}>{nameOf(one)}</option>)}
            </select>
          </label>
        )}
        {set && (
          <>
            <label>{t("options.name")}{" "}<input type="text" size={12} maxLength={40} value={name} placeholder="B" onInput={(event) => put(event.currentTarget.value)} /></label>
            <button type="button" disabled={full || names.includes(own)} onClick={() => { add(ofB(state, own)); put(""); }}>{t("options.ofb")}</button>
          </>
        )}
      </div>
      {!set && <p class="note">{t("options.hint")}</p>}
    </section>
  );
}

/** What an option sets, in words: the levers of its package, and its own. */
function settings(option: string, levers: LeversObject): string {
  const parts = option.slice(option.indexOf(":") + 1).trim().split(/\s+/);
  const packaged = parts.flatMap((one) => levers.packages[one]?.levers.map((part) => [part.lever, part.intensity] as const) ?? []);
  const own = parts.filter((one) => one.includes("=")).map((one) => [one.split("=")[0]!, Number(one.split("=")[1])] as const);
  return [...new Map([...packaged, ...own])].map(([lever, value]) => `${levers.levers[lever]?.title ?? lever} ${two(value)}`).join(" · ");
}

interface StandingsProps {
  step: OptionsStep;
  stale: boolean;
  /** Where options are levers: what their effects rest on is shown with them. */
  levers: LeversObject | null;
}

/** Better first: by the mean, in the direction in which the outcome is better. */
function sorted(outcome: OptionOutcome): OptionOutcome {
  const sign = outcome.direction === "more" ? -1 : 1;
  return { ...outcome, rows: outcome.direction === "neither" ? outcome.rows : [...outcome.rows].sort((a, b) => sign * (a.mean - b.mean)) };
}

function Standings({ step, stale, levers }: StandingsProps): JSX.Element {
  const { state } = usePage();
  const [chosen, choose] = useShow("outcome", "");
  const able = step.outcomes.filter((one) => one.matters || step.main.includes(one.quantity));
  const first = able.find((one) => one.quantity === chosen) ?? able.find((one) => one.quantity === step.main[0] && one.matters) ?? able.find((one) => one.matters) ?? able[0];
  if (!first) return <p class="note">{step.title}</p>;
  const outcome = sorted(first);
  const month = day(monthsAfter(step.stamp.as_of, state.at || step.stamp.horizon_months));
  const groups = [...new Set(able.map((one) => one.group_label))];
  return (
    <div class={stale ? "result stale" : "result"} aria-busy={stale}>
      <Figure
        title={step.title} subtitle={t("options.figure.sub", { n: step.simulations, month })} stamp={step.stamp} file={`options-${outcome.quantity}`}
        sentence={`${capital(outcome.label)}. ${outcome.rows.map((row) => `${row.name}: ${signed(row.mean)} (${range(row.low90, row.high90)})`).join("; ")}.`}
        table={{
          columns: [t("options.option"), t("options.mean.short"), t("dots.range"), t("options.best"), t("options.behind")], numeric: [false, true, true, true, true],
          rows: outcome.rows.map((row) => [row.name, signed(row.mean), range(row.low90, row.high90), row.best === null ? "" : share(row.best), row.regret === null ? "" : two(row.regret)]),
        }}
        controls={
          <label>{t("table.outcome")}{" "}
            <select value={outcome.quantity} onChange={(event) => choose(event.currentTarget.value)}>
              {groups.map((group) => <optgroup key={group} label={group}>{able.filter((one) => one.group_label === group).map((one) => <option key={one.quantity} value={one.quantity}>{capital(one.label)}</option>)}</optgroup>)}
            </select>
          </label>
        }
        draw={(width) => drawOptions(outcome, width)}
        after={<p class="note">{t(`options.direction.${outcome.direction as "more" | "less" | "neither"}`, { now: two(outcome.now) })} {!step.final && t("compare.few", { n: step.simulations })}</p>}
      />
      <League step={step} levers={levers} able={able} />
      <details class="card more-tables" open={levers === null}>
        <summary>{t("compare.says")}</summary>
        <ul class="says plain-list">{step.verdicts.map((one) => <li key={one}>{capital(one)}</li>)}</ul>
      </details>
      <details class="card more-tables">
        <summary>{t("options.tables")}</summary>
        {step.tables.map((one) => <Printed key={one.title} table={one} />)}
      </details>
      <section class="card"><h2>{t("code.same")}</h2><Code code={step.code} /></section>
      <Notes notes={step.notes} />
    </div>
  );
}

/** Outcomes that are columns of the league. */
const COLUMNS = 5;

/** Options by outcomes: how much each moves what matters most, with what that rests on and what is feared of it. */
function League({ step, levers, able }: Omit<StandingsProps, "stale"> & { able: OptionOutcome[] }): JSX.Element {
  const judged = able.filter((one) => one.direction !== "neither");
  const most = (one: OptionOutcome) => Math.max(...one.rows.map((row) => Math.abs(row.mean) / Math.max(1e-9, row.high90 - row.low90, Math.abs(row.mean))));
  const main = judged.filter((one) => step.main.includes(one.quantity));
  const rest = judged.filter((one) => !step.main.includes(one.quantity) && one.matters).sort((a, b) => most(b) - most(a));
  const columns = [...main, ...rest].slice(0, COLUMNS);
  const names = step.options.map((one) => one.name);
  return (
    <section class="card" aria-labelledby="league">
      <h2 id="league">{t("options.league")}</h2>
      <p class="sub">{t("options.league.sub")}</p>
      <div class="scroll" tabIndex={0} role="group" aria-label={t("options.league")}>
        <table class="league">
          <thead>
            <tr>
              <th scope="col">{levers ? t("compare.lever") : t("options.option")}</th>
              {columns.map((one) => <th scope="col" class="number" key={one.quantity}>{capital(one.label)}<span class="under">{t(`options.better.${one.direction as "more" | "less"}`)}</span></th>)}
              {levers && <th scope="col">{t("evidence.status")}</th>}
              {levers && <th scope="col">{t("options.feared")}</th>}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => {
              const lever = Object.values(levers?.levers ?? {}).find((one) => one.title === name);
              return (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {columns.map((one) => {
                    const row = one.rows.find((found) => found.name === name)!;
                    return <td class="number" key={one.quantity}><span class={`cell ${row.verdict}`}>{row.verdict !== "neither" && <span class="hidden">{t(`verdict.${row.verdict}`)} </span>}{signed(row.mean)}</span><span class="under">{range(row.low90, row.high90)}</span></td>;
                  })}
                  {levers && <td>{lever ? t(`status.${weakest(lever)}` as Key) : ""}</td>}
                  {levers && <td class="small">{lever?.side_effects.map((one) => one.description).join("; ") || "–"}</td>}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
