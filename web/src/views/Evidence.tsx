/** Where each number comes from: parameters, published figures and sources; and what this cannot tell. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useAnswer, usePage, useShow } from "../core/hooks";
import { capital, day, range } from "../core/numbers";
import { folded } from "../core/places";
import { saveCsv, type Table } from "../core/saving";
import { asked, VINTAGE } from "../core/state";
import { t, type Key } from "../core/strings";
import type { EvidenceAnswer } from "../core/types";
import { stampRow } from "../parts/Figure";
import { Trouble, Waiting } from "../parts/Waiting";

const MOST = 150;
type Tab = "parameters" | "figures" | "sources";
const TABS: Tab[] = ["figures", "parameters", "sources"];

interface Row {
  cells: string[];
  grade: string;
  note: string;
}

function rowsOf(value: EvidenceAnswer, tab: Tab, label: (code: string) => string): { columns: string[]; rows: Row[] } {
  if (tab === "parameters") {
    return {
      columns: [t("evidence.what"), t("evidence.used"), t("evidence.unit"), t("evidence.status"), t("evidence.feeds"), t("evidence.source")],
      rows: value.parameters.map((one) => ({ cells: [one.label, range(one.low90, one.high90), one.unit, one.status, one.feeds.join(", "), one.source], grade: one.grade || one.status, note: one.name })),
    };
  }
  if (tab === "figures") {
    const titles = new Map(value.sources.map((one) => [one.id, one.title]));
    return {
      columns: [t("table.place"), t("table.quantity"), t("evidence.value"), t("evidence.refers"), t("evidence.published"), t("evidence.source")],
      rows: value.figures.map((one) => ({ cells: [one.name, one.role ? `${label(one.quantity)} (${one.role})` : label(one.quantity), thousands(one.published_value), day(one.refers_to), day(one.published), titles.get(one.source) ?? one.source], grade: one.grade, note: one.note })),
    };
  }
  return {
    columns: [t("evidence.title"), t("evidence.publisher"), t("evidence.published"), t("evidence.licence"), t("evidence.address")],
    rows: value.sources.map((one) => ({ cells: [one.title, one.publisher, one.published ? day(one.published) : "", one.licence, one.url], grade: one.grade, note: one.id })),
  };
}

/** A published value as it was printed, long numbers with separators. */
const thousands = (text: string): string => text.replace(/(?<![\d.,])\d{4,}(?![\d,])/g, (number) => Number(number).toLocaleString("en-GB"));

/** What a sentence on hindsight begins with, the date from which it was known, and the reason. */
function parted(text: string): { what: string; from: string; why: string } | null {
  const found = /^(.*?) \(known from ([^)]*)\): (.*)$/s.exec(text);
  return found ? { what: found[1]!, from: found[2]!, why: found[3]! } : null;
}

function Hindsight({ text }: { text: string }): JSX.Element {
  const parts = parted(text.replaceAll("`", ""));
  if (!parts) return <li>{text}</li>;
  return <li><b>{capital(parts.what)}</b> <span class="pill">{t("evidence.known", { date: day(parts.from) })}</span><span class="under">{capital(parts.why)}</span></li>;
}

export function Evidence(): JSX.Element {
  const { state, vintage } = usePage();
  const names = useMemo(() => new Map((vintage?.quantities ?? []).map((one) => [one.code, one.label])), [vintage]);
  const { value, error } = useAnswer<EvidenceAnswer>("evidence", asked(state, VINTAGE));
  const [tab, setTab] = useShow("tab", "figures");
  const [typed, type] = useShow("find", "");
  const [grade, setGrade] = useShow("grade", "");
  const now: Tab = TABS.find((one) => one === tab) ?? "figures";
  const all = useMemo(() => (value ? rowsOf(value, now, (code) => names.get(code) ?? code.replaceAll("_", " ")) : { columns: [], rows: [] as Row[] }), [value, now, names]);
  const index = useMemo(() => all.rows.map((row) => folded([...row.cells, row.note].join(" "))), [all]);
  if (error) return <Trouble error={error} />;
  if (!value) return <Waiting what={t("evidence.waiting")} />;
  const wanted = folded(typed).split(" ").filter(Boolean);
  const found = all.rows.filter((row, i) => (!grade || row.grade === grade) && wanted.every((word) => index[i]!.includes(word)));
  const grades = [...new Set(all.rows.map((row) => row.grade))].filter(Boolean).sort();
  const table: Table = { columns: [...all.columns, t("evidence.grade")], rows: found.map((row) => [...row.cells, row.grade]) };
  const dated = (i: number) => (now === "figures" && (i === 3 || i === 4)) || (now === "sources" && i === 2);
  const look = (i: number) => (numeric(i) ? "number" : dated(i) ? "dated" : "");
  const numeric = (i: number) => (now === "parameters" && i === 1) || (now === "figures" && i === 2);
  return (
    <div class="view evidence">
      <section class="card wide register" aria-labelledby="register">
        <header>
          <div class="heads">
            <h2 id="register">{t("evidence.heading", { figures: value.figures.length.toLocaleString("en-GB"), parameters: value.parameters.length.toLocaleString("en-GB"), sources: value.sources.length.toLocaleString("en-GB") })}</h2>
            <p class="sub">{value.basis}</p>
          </div>
          <div class="tools"><button type="button" onClick={() => saveCsv(`afterfall-${now}`, table, stampRow(value.stamp))}>CSV</button></div>
        </header>
        <div class="controls">
          <div class="segments" role="group" aria-label={t("evidence.register")}>
            {TABS.map((one) => <button key={one} type="button" aria-pressed={now === one} onClick={() => setTab(one)}>{t(`evidence.${one}`)}</button>)}
          </div>
          <label>{t("evidence.find")} <input type="search" value={typed} onInput={(event) => type(event.currentTarget.value)} /></label>
          <label>{t("evidence.grade")}{" "}
            <select value={grade} onChange={(event) => setGrade(event.currentTarget.value)}>
              <option value="">{t("evidence.any")}</option>
              {grades.map((one) => <option key={one} value={one}>{t(`status.${one}` as Key) === `status.${one}` ? one : t(`status.${one}` as Key)}</option>)}
            </select>
          </label>
          <span class="muted" role="status">{t("evidence.found", { n: found.length.toLocaleString("en-GB") })}</span>
        </div>
        <div class="scroll tall" tabIndex={0} role="group" aria-label={t(`evidence.${now}`)}>
          <table class={now}>
            <thead><tr>{table.columns.map((one, i) => <th key={one} scope="col" class={numeric(i) ? "number" : ""}>{one}</th>)}</tr></thead>
            <tbody>
              {found.slice(0, MOST).map((row, i) => (
                <tr key={i}>
                  {row.cells.map((cell, j) => (j ? <td key={j} class={look(j)}>{cell}</td> : <th key={j} scope="row">{cell}{row.note && now !== "sources" && <span class="under">{row.note}</span>}</th>))}
                  <td>{row.grade}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {found.length > MOST && <p class="note">{t("evidence.more", { shown: MOST, n: found.length.toLocaleString("en-GB") })}</p>}
        <p class="source">{value.stamp.source_line}</p>
      </section>
      <section class="card limits" aria-labelledby="limits">
        <h2 id="limits">{t("evidence.limits")}</h2>
        <ul class="says plain-list">{value.limits.map((one) => <li key={one}>{one}</li>)}</ul>
        <p class="note">{t("borders")}</p>
      </section>
      {value.hindsight.length > 0 && (
        <section class="card hindsight" aria-labelledby="hindsight-list">
          <h2 id="hindsight-list">{t("evidence.hindsight")}</h2>
          <ul class="says plain-list">{value.hindsight.map((one) => <Hindsight key={one} text={one} />)}</ul>
        </section>
      )}
    </div>
  );
}
