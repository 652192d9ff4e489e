/** What is expected, how sure, and for whom: key judgements, the five pathways, and one quantity over time. */
import type { JSX } from "preact";
import { useAnswer, usePage, useShow } from "../core/hooks";
import { capital, chance, day, monthsAfter, range, share, two } from "../core/numbers";
import { asked, RUN, toAddress, toView } from "../core/state";
import { t } from "../core/strings";
import { fillOf } from "../core/theme";
import type { FanEntry, ForecastAnswer, LineEntry } from "../core/types";
import type { FanPoint } from "../core/layout";
import { drawDots, type DotRow } from "../parts/Dots";
import { drawFan, type Recorded } from "../parts/Fan";
import { Figure } from "../parts/Figure";
import { Judgement } from "../parts/Judgement";
import { Trouble, Waiting } from "../parts/Waiting";

/** How far back published figures are drawn. */
const YEARS_BACK = 8;

/** Points of a fan from the server's quantiles: 5, 25, 50, 75 and 95 %. */
export function pointsOf(fan: FanEntry): FanPoint[] {
  const of = (level: number) => fan.values[fan.levels.findIndex((one) => Math.abs(one - level) < 1e-6)];
  const [low90, low50, mid, high50, high90] = [0.05, 0.25, 0.5, 0.75, 0.95].map(of);
  return fan.months.map((month, i) => ({
    t: month, low90: low90?.[i] ?? 0, low50: low50?.[i], mid: mid?.[i] ?? 0, high50: high50?.[i], high90: high90?.[i] ?? 0,
  }));
}

/** Months between two days, from the as-of date. */
export function monthsFrom(as_of: string, date: string): number {
  const [y0 = 0, m0 = 1, d0 = 1] = as_of.split("-").map(Number);
  const [y1 = 0, m1 = 1, d1 = 15] = date.split("-").map(Number);
  return (y1 - y0) * 12 + (m1 - m0) + (d1 - d0) / 30.4;
}

const rowOf = (line: LineEntry): DotRow => ({
  code: line.code, label: capital(line.short || line.label), dots: line.dots, median: line.then.median, low90: line.then.low90, high90: line.then.high90,
  share: line.group === "pathway" || line.group === "fate" ? (line.then.mean_share ?? null) : null, hindsight: line.hindsight,
});

const tableOf = (lines: LineEntry[]) => ({
  columns: [t("table.quantity"), t("table.now"), t("dots.median"), t("table.low"), t("table.high"), t("table.share")],
  rows: lines.map((one) => [
    one.label, two(one.now.median), two(one.then.median), two(one.then.low90), two(one.then.high90), one.then.mean_share == null ? "" : share(one.then.mean_share),
  ]),
});

/** The finding of the pathways: which of the five is largest, and in how many simulations. */
function finding(value: ForecastAnswer, paths: LineEntry[]): string {
  const [code = "", p = 0] = Object.entries(value.largest).sort((a, b) => b[1] - a[1])[0] ?? [];
  const found = paths.find((one) => one.code === code);
  return found ? t("outlook.finding", { label: found.short, chance: chance(p) }) : t("outlook.five");
}

export function Outlook(): JSX.Element {
  const { state } = usePage();
  const { value, error, waiting } = useAnswer<ForecastAnswer>("forecast", asked(state, RUN));
  const [chosen, choose] = useShow("line", "");
  if (error) return <Trouble error={error} />;
  if (!value) return <Waiting what={t("outlook.waiting")} />;
  const paths = value.lines.filter((one) => one.group === "pathway");
  const fates = value.lines.filter((one) => one.group === "fate" && one.then.high90 > 0).sort((a, b) => b.then.mean - a.then.mean);
  const lines = value.lines.filter((one, i) => value.lines.findIndex((other) => other.code === one.code) === i);
  const short = value.in_short.filter((one) => !one.endsWith(":")).map((one) => one.replace(/^- /, ""));
  const line = lines.find((one) => one.code === chosen) ?? value.lines.find((one) => one.code === "returned") ?? paths[0]!;
  return (
    <div class={waiting ? "view outlook stale" : "view outlook"} aria-busy={waiting}>
      <div class="column">
      <section class="card judgements" aria-labelledby="judgements">
        <header>
          <div class="heads">
            <h2 id="judgements">{t("outlook.judgements", { place: value.the_name })}</h2>
            <p class="sub">{t("outlook.seen", { day: day(value.stamp.as_of) })}</p>
          </div>
        </header>
        {value.judgements.length > 0
          ? <ol>{value.judgements.map((one, i) => <Judgement one={one} number={i + 1} key={one.text} />)}</ol>
          : <ul class="short">{short.map((one) => <li key={one}>{one}</li>)}</ul>}
        {value.judgements.length > 0 && short.length > 0 && (
          <details class="more"><summary>{t("outlook.short")}</summary><ul class="short">{short.map((one) => <li key={one}>{one}</li>)}</ul></details>
        )}
      </section>
      <Next value={value} />
      </div>
      <div class="column broad">
      <Figure
        title={finding(value, paths)} subtitle={t("outlook.dots", { month: day(value.at_date) })} sentence={value.sentences.pathways ?? value.title} table={tableOf(paths)} stamp={value.stamp}
        file="pathways" className="pathways" draw={(width) => drawDots(paths.map(rowOf), width, t("people"), 50)} after={<p class="note">{t("outlook.adds")}</p>}
      />
      <OverTime value={value} line={line} lines={lines} choose={choose} />
      </div>
      <Figure
        title={t("outlook.fates", { month: day(value.at_date) })} subtitle={t("outlook.fates.sub")} sentence={value.sentences.fates ?? fates.map((one) => `${one.label}: ${one.then.text}`).join("; ")}
        table={tableOf(fates)} stamp={value.stamp} file="other-fates" className="wide" draw={(width) => drawDots(fates.map(rowOf), width, t("people"))}
        after={fates.some((one) => one.hindsight) ? <p class="note">{t("hindsight")}</p> : undefined}
      />
    </div>
  );
}

function Next({ value }: { value: ForecastAnswer }): JSX.Element {
  const { state, go } = usePage();
  return (
    <nav class="card next" aria-label={t("outlook.next")}>
      <h2>{t("outlook.next")}</h2>
      <ul>
        {(["compare", "flows", "track", "drivers"] as const).map((view) => (
          <li key={view}><a href={toAddress(toView(state, view))} onClick={(event) => { event.preventDefault(); go(toView(state, view)); }}>{t(`outlook.next.${view}`)}</a></li>
        ))}
      </ul>
      <p class="source">{value.stamp.basis}</p>
      {value.notes.length > 0 && <details class="more"><summary>{t("outlook.basis", { place: value.the_name })}</summary>{value.notes.map((one) => <p class="note" key={one}>{one}</p>)}</details>}
    </nav>
  );
}

interface OverTimeProps {
  value: ForecastAnswer;
  line: LineEntry;
  lines: LineEntry[];
  choose: (code: string) => void;
}

function OverTime({ value, line, lines, choose }: OverTimeProps): JSX.Element {
  const { why } = usePage();
  const as_of = value.stamp.as_of;
  const record: Recorded[] = value.history
    .filter((one) => one.quantity === line.code && one.value !== null)
    .map((one) => ({ t: monthsFrom(as_of, one.date), value: one.value!, low: one.low, high: one.high, bound: one.bound }))
    .filter((one) => one.t <= 0 && one.t > -YEARS_BACK * 12);
  const points = pointsOf(line.fan);
  const end = points.at(-1);
  const rows = line.fan.months.map((month, i) => [line.fan.dates[i] ?? String(month), ...line.fan.values.map((level) => two(level[i]))]);
  return (
    <Figure
      title={capital(t("outlook.time", { label: line.label }))} subtitle={t("outlook.time.sub", { place: capital(value.name) })} stamp={value.stamp} file={`over-time-${line.code}`}
      sentence={value.sentences[`fan.${line.code}`] ?? t("outlook.time.sentence", { label: line.label, now: line.now.text, then: line.then.text, month: day(value.at_date) })}
      table={{ columns: [t("table.month"), ...line.fan.levels.map((one) => `${Math.round(one * 100)} %`)], rows }}
      controls={
        <>
          <label>{t("table.quantity")}{" "}
            <select value={line.code} onChange={(event) => choose(event.currentTarget.value)}>
              {lines.map((one) => <option key={one.code} value={one.code}>{capital(one.label)}</option>)}
            </select>
          </label>
          <button type="button" onClick={() => why(line.code)}>{t("why.title")}</button>
        </>
      }
      draw={(width) => drawFan({ points, record, colour: fillOf(line.code) === "#8a929b" ? "#14507e" : fillOf(line.code), dates: (month) => monthsAfter(as_of, Math.round(month)), unit: t("people"), height: 260 }, width)}
      after={<p class="note">{record.length ? t("outlook.record", { n: record.length }) : t("outlook.norecord")} {end && t("outlook.end", { range: range(end.low90, end.high90) })}</p>}
    />
  );
}
