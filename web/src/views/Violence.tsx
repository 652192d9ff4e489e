/** What follows, where, and how bad: attacks by place and year, deaths in conflict by month, chances past a line. */
import type { JSX } from "preact";
import { Refused } from "../core/api";
import { useAnswer, usePage, useShow } from "../core/hooks";
import { scale, ticks, type FanPoint } from "../core/layout";
import { capital, chance, two } from "../core/numbers";
import { asked, RUN } from "../core/state";
import { t } from "../core/strings";
import theme, { COURSE, SIDE_B } from "../core/theme";
import type { AttacksAnswer, PanelEntry, ViolenceAnswer } from "../core/types";
import { Printed } from "../parts/DataTable";
import { TwentyDots } from "../parts/Dots";
import { drawFan, topOf, type Recorded } from "../parts/Fan";
import { Figure } from "../parts/Figure";
import { OneByOne, useOneByOne } from "../parts/OneByOne";
import { Notes } from "../parts/Notes";
import { Trouble, Waiting } from "../parts/Waiting";

/** A count as published: `<5` has no number of its own and is drawn in the middle of what it can be. */
export function counted(text: string): number | null {
  if (text.startsWith("<")) return Number(text.slice(1)) / 2;
  const value = Number(text.replaceAll(",", ""));
  return text !== "" && Number.isFinite(value) ? value : null;
}

/** A sentence as a title: without its full stop. */
const plain = (text: string): string => text.replace(/\.$/, "");

const yearly = (panel: PanelEntry): boolean => panel.times.every((one) => /^\d{4}$/.test(one));

/** Time as a number: months from the first of year 0, or the year. */
function when(text: string): number {
  const [year = 0, month] = text.split("-").map(Number);
  return month === undefined ? year : year * 12 + month - 1;
}

export function panelPoints(panel: PanelEntry): FanPoint[] {
  const start = when(panel.times[0] ?? "0");
  const of = (level: number) => panel.values[panel.levels.findIndex((one) => Math.abs(one - level) < 1e-6)];
  const [low90, low50, mid, high50, high90] = [0.05, 0.25, 0.5, 0.75, 0.95].map(of);
  return panel.times.map((time, i) => ({
    t: when(time) - start, low90: low90?.[i] ?? 0, low50: low50?.[i], mid: mid?.[i] ?? 0, high50: high50?.[i], high90: high90?.[i] ?? 0,
  }));
}

function recorded(panel: PanelEntry): Recorded[] {
  const start = when(panel.times[0] ?? "0");
  return panel.record_times.flatMap((time, i) => {
    const value = counted(panel.record[i] ?? "");
    return value === null ? [] : [{ t: when(time) - start, value }];
  });
}

const panelTable = (panels: PanelEntry[]) => ({
  columns: [t("table.place"), t("table.time"), t("dots.median"), t("table.low"), t("table.high")], numeric: [false, false, true, true, true],
  rows: panels.flatMap((panel) => panelPoints(panel).map((p, i) => [panel.name, panel.times[i]!, two(p.mid), two(p.low90), two(p.high90)])),
});

export function Violence(): JSX.Element {
  const { state } = usePage();
  const query = asked(state, RUN);
  const attacks = useAnswer<AttacksAnswer>("attacks", query);
  const violence = useAnswer<ViolenceAnswer>("violence", query);
  return (
    <div class="view violence">
      {attacks.error ? <Trouble error={attacks.error} /> : attacks.value ? <Attacks value={attacks.value} /> : <Waiting what={t("violence.attacks.waiting")} />}
      {violence.error ? <NoRecord error={violence.error} /> : violence.value ? <Deaths value={violence.value} /> : <Waiting what={t("violence.waiting")} />}
    </div>
  );
}

/** Where the record has no country of the case, that is said, and is no fault. */
function NoRecord({ error }: { error: Error }): JSX.Element {
  if (!(error instanceof Refused) || error.status !== 400) return <Trouble error={error} />;
  return <section class="card wide"><h2>{t("violence.none")}</h2><p class="muted">{capital(error.message)}</p></section>;
}

function Attacks({ value }: { value: AttacksAnswer }): JSX.Element {
  const hop = useOneByOne(Math.max(...value.panels.map((one) => one.courses?.length ?? 0), 0));
  return (
    <>
      <Figure
        title={t("violence.attacks", { first: plain(value.panels[0]?.sentence ?? value.title) })} subtitle={t("violence.attacks.sub")} sentence={value.panels.map((one) => one.sentence).join(" ")} stamp={value.stamp} file="attacks" className="wide"
        table={panelTable(value.panels)} controls={<OneByOne hop={hop} />}
        draw={(width) => drawYears(value.panels, width, value.stamp.as_of, hop.at)}
        after={<details class="more"><summary>{t("violence.basis")}</summary><p class="note">{value.subtitle}</p></details>}
      />
      <div class="column">
        <Past panels={value.panels} key={value.stamp.run} name="attacks" unit={t("past.unit.attacks")} title={t("past.attacks")} />
        {value.tables.slice(2).map((one, i) => <section class="card" key={i}><Printed table={one} /></section>)}
      </div>
      <div class="column beside">{value.tables.slice(0, 2).map((one, i) => <section class="card" key={i}><Printed table={one} /></section>)}</div>
      <Notes notes={value.notes} />
    </>
  );
}

/** Small multiples of one quantity by year: the record as dots, the forecast as median and two bands per year. */
function drawYears(panels: PanelEntry[], width: number, as_of: string, course: number | null = null): { height: number; body: JSX.Element } {
  const columns = Math.max(1, Math.min(panels.length, Math.floor(width / 300)));
  const each = Math.floor((width - 24 * (columns - 1)) / columns);
  const high = 200;
  const rows = Math.ceil(panels.length / columns);
  return {
    height: rows * (high + 14),
    body: (
      <g>
        {panels.map((panel, i) => (
          <g key={panel.place} transform={`translate(${(i % columns) * (each + 24)},${Math.floor(i / columns) * (high + 14)})`}>
            {yearly(panel) ? <Years panel={panel} width={each} height={high} as_of={as_of} course={course === null ? undefined : panel.courses?.[course]} /> : drawFan({ points: panelPoints(panel), record: recorded(panel), recordLine: true, colour: SIDE_B, unit: panel.unit, title: panel.name, dates: (m) => monthText(panel, m), height: high, course: course === null ? undefined : panel.courses?.[course] }, each).body}
          </g>
        ))}
      </g>
    ),
  };
}

const monthText = (panel: PanelEntry, month: number): string => {
  const at = when(panel.times[0] ?? "0") + Math.round(month);
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
};

/** Years that are named: as many as have room, counted back from the last. */
function everyYear(first: number, last: number, each: number): number[] {
  const step = Math.max(1, Math.ceil(40 / each));
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => last - i * step).reverse();
}

function Years({ panel, width, height, as_of, course }: { panel: PanelEntry; width: number; height: number; as_of: string; course?: number[] | undefined }): JSX.Element {
  const points = panelPoints(panel);
  const record = recorded(panel);
  const first = Math.min(0, ...record.map((p) => p.t));
  const last = Math.max(...points.map((p) => p.t));
  const start = when(panel.times[0] ?? "0");
  const top = topOf(points, record);
  const x = scale([first - 0.5, last + 0.5], [40, width - 8]);
  const y = scale([0, top], [height - 24, 42]);
  // A year's bar lies around its number: the as-of date stands where its day is within the year.
  const [year = 0, month = 1] = as_of.split("-").map(Number);
  const now = year + (month - 1) / 12 - 0.5 - start;
  const bar = Math.min(26, (x(1) - x(0)) * 0.62);
  return (
    <g font-size="11">
      <text x="0" y="14" font-size="13" font-weight="700">{panel.name}</text>
      <text x="0" y="29" fill={theme.muted}>{panel.unit}</text>
      {ticks(0, top, 3).map((one) => (
        <g key={one}>
          <line x1="40" x2={width - 8} y1={y(one)} y2={y(one)} stroke={one ? theme.rule : theme.rim} stroke-dasharray={one ? "1 3" : undefined} />
          <text x="35" y={y(one) + 4} text-anchor="end" fill={theme.muted}>{two(one)}</text>
        </g>
      ))}
      {now > first - 0.5 && now < last && <line x1={x(now)} x2={x(now)} y1={38} y2={height - 24} stroke={theme.muted} stroke-dasharray="3 2" />}
      {points.map((p) => (
        <g key={p.t}>
          <rect x={x(p.t) - bar / 2} width={bar} y={y(p.high90)} height={Math.max(1, y(p.low90) - y(p.high90))} fill={SIDE_B} fill-opacity="0.16" />
          {p.low50 !== undefined && p.high50 !== undefined && <rect x={x(p.t) - bar / 2} width={bar} y={y(p.high50)} height={Math.max(1, y(p.low50) - y(p.high50))} fill={SIDE_B} fill-opacity="0.34" />}
          <line x1={x(p.t) - bar / 2} x2={x(p.t) + bar / 2} y1={y(p.mid)} y2={y(p.mid)} stroke={SIDE_B} stroke-width="2.4" />
        </g>
      ))}
      {course && points.map((p, i) => <path key={p.t} d={`M${x(p.t) - bar / 2 - 2},${y(Math.min(top, course[i] ?? 0))}h${bar + 4}`} stroke={COURSE} stroke-width="3.5" />)}
      {record.map((p) => <circle key={p.t} cx={x(p.t)} cy={y(p.value)} r="3.2" fill={theme.paper} stroke={theme.ink} stroke-width="1.4" />)}
      {everyYear(first, last, x(1) - x(0)).map((one) => <text key={one} x={x(one)} y={height - 7} text-anchor="middle" fill={theme.muted}>{start + one}</text>)}
    </g>
  );
}

function Deaths({ value }: { value: ViolenceAnswer }): JSX.Element {
  const hop = useOneByOne(Math.max(...value.panels.map((one) => one.courses?.length ?? 0), 0));
  return (
    <>
      <Figure
        title={t("violence.deaths", { first: plain(value.panels[0]?.sentence ?? value.title) })} subtitle={t("violence.deaths.sub")} sentence={value.panels.map((one) => one.sentence).join(" ")} stamp={value.stamp} file="violence" className="wide"
        table={panelTable(value.panels)} controls={<OneByOne hop={hop} />}
        draw={(width) => drawYears(value.panels, width, value.stamp.as_of, hop.at)} after={<p class="note">{value.subtitle}</p>}
      />
      <Past panels={value.panels} key={value.stamp.run} name="deaths" unit={t("past.unit.deaths")} title={t("past.deaths")} wide />
      <section class="card wide"><Printed table={value.table} /></section>
      <Notes notes={value.notes} />
    </>
  );
}

const lineOf = (number: number, unit: string): string =>
  number === 0 ? t("past.any", { unit }) : number === 1 ? t("past.two", { unit }) : t("past.line", { n: number.toLocaleString("en-GB"), unit });

/** The chance of more than so many: a place, a window and a line, answered in the server's own sentence. */
function Past({ panels, name, unit, title, wide = false }: { panels: PanelEntry[]; name: string; unit: string; title: string; wide?: boolean }): JSX.Element | null {
  const able = panels.filter((one) => Object.keys(one.past).length > 0);
  const [place, setPlace] = useShow(`${name}.place`, able[0]?.place ?? "");
  const panel = able.find((one) => one.place === place) ?? able[0];
  const windows = Object.keys(panel?.past ?? {});
  const [window, setWindow] = useShow(`${name}.window`, windows[0] ?? "");
  const entries = panel?.past[window] ?? panel?.past[windows[0] ?? ""] ?? [];
  const middle = Math.max(0, entries.findIndex((one) => one.probability < 0.5));
  const [line, setLine] = useShow(`${name}.line`, "");
  const at = line === "" ? middle : Math.max(0, entries.findIndex((one) => String(one.number) === line));
  const one = entries[at];
  if (!panel || !one) return null;
  return (
    <section class={wide ? "card past wide" : "card past"} aria-labelledby={`past-${name}`}>
      <h2 id={`past-${name}`}>{title}</h2>
      <div class="controls">
        <label>{t("past.place")}{" "}
          <select value={panel.place} onChange={(event) => setPlace(event.currentTarget.value)}>{able.map((p) => <option key={p.place} value={p.place}>{p.name}</option>)}</select>
        </label>
        <label>{t("past.window")}{" "}
          <select value={windows.includes(window) ? window : windows[0]} onChange={(event) => setWindow(event.currentTarget.value)}>{windows.map((w) => <option key={w} value={w}>{w}</option>)}</select>
        </label>
        <label class="slide">{lineOf(one.number, unit)}
          <input type="range" min="0" max={entries.length - 1} step="1" value={at} aria-valuetext={lineOf(one.number, unit)} onInput={(event) => setLine(String(entries[Number(event.currentTarget.value)]?.number ?? ""))} />
        </label>
      </div>
      <p class="lead" aria-live="polite">{one.text}</p>
      <div class="chance"><TwentyDots p={one.probability} /><span class="muted">{chance(one.probability)}</span></div>
    </section>
  );
}

