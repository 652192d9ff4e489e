/** Why, and what would change it: events that can be ticked, what to watch, and which parameters drive the spread. */
import type { JSX } from "preact";
import { useAnswer, usePage, useShow } from "../core/hooks";
import { scale } from "../core/layout";
import { capital, day } from "../core/numbers";
import { asked, RUN } from "../core/state";
import { t } from "../core/strings";
import theme, { SIDE_A, SIDE_B } from "../core/theme";
import type { ConditionAnswer, DriverEntry, IndicatorsAnswer, StampEntry } from "../core/types";
import { Code } from "../parts/Code";
import { drawDots } from "../parts/Dots";
import { Figure } from "../parts/Figure";
import { Hypotheses, Watched } from "../parts/Hypotheses";
import { EventBoard } from "../parts/IndicatorBoard";
import { Notes } from "../parts/Notes";
import { Trouble, Waiting } from "../parts/Waiting";

export function Drivers(): JSX.Element {
  const { state, go } = usePage();
  const query = asked({ ...state, seen: [], unseen: [] }, RUN);
  const { value, error, waiting } = useAnswer<IndicatorsAnswer>("indicators", query);
  const [all, showAll] = useShow("events", "some");
  const ticked = state.seen.length + state.unseen.length > 0;
  const found = useAnswer<ConditionAnswer>(ticked ? "condition" : null, asked(state, RUN));
  if (error) return <Trouble error={error} />;
  if (!value) return <Waiting what={t("drivers.waiting")} />;
  return (
    <div class={waiting ? "view drivers stale" : "view drivers"} aria-busy={waiting}>
      <section class="card wide" aria-labelledby="events">
        <header>
          <div class="heads">
            <h2 id="events">{t("drivers.events")}</h2>
            <p class="sub">{t("drivers.events.sub", { month: day(value.by_date) })}</p>
          </div>
          <div>
            {ticked && <button type="button" onClick={() => document.getElementById("conditional")?.scrollIntoView({ block: "start" })}>{t("drivers.see")}</button>}
            <button type="button" class="plain" disabled={!ticked} onClick={() => go({ seen: [], unseen: [] })}>{t("drivers.untick")}</button>
          </div>
        </header>
        <EventBoard events={all === "all" ? value.events : value.events.filter((one) => one.can_tick || state.seen.includes(one.id)).slice(0, 14)} />
        {value.events.length > 14 && <p><button type="button" onClick={() => showAll(all === "all" ? "some" : "all")}>{all === "all" ? t("drivers.some") : t("drivers.all", { n: value.events.length })}</button></p>}
      </section>
      {ticked && <div id="conditional" class="wide">{found.error ? <Trouble error={found.error} /> : found.value ? <Conditioned value={found.value} /> : <Waiting what={t("drivers.conditioning")} />}</div>}
      <Hypotheses value={value} />
      <Spread value={value} />
      <section class="card wide watching" aria-labelledby="watch">
        <h2 id="watch">{t("drivers.watch")}</h2>
        <p class="sub">{t("ach.watch.sub")}</p>
        {value.watch.length ? <Watched watch={value.watch} /> : <p class="muted">{t("drivers.nowatch")}</p>}
      </section>
      <Notes notes={value.notes} />
    </div>
  );
}

function Conditioned({ value }: { value: ConditionAnswer }): JSX.Element {
  const lines = value.lines.filter((one) => one.group === "pathway");
  const rows = lines.map((one) => ({ code: one.code, label: capital(one.label), dots: one.dots, median: one.after.median, low90: one.after.low90, high90: one.after.high90, share: one.after.mean_share ?? null }));
  return (
    <Figure
      title={value.sentence} subtitle={t("drivers.conditioned", { n: value.effective, all: value.simulations })} sentence={value.lines.map((one) => `${one.label}: ${one.before.text} → ${one.after.text}`).join("; ")} stamp={value.stamp} file="conditional" className="wide"
      table={{ columns: [t("table.quantity"), t("drivers.before"), t("drivers.after")], rows: value.lines.map((one) => [one.label, one.before.text, one.after.text]) }}
      draw={(width) => drawDots(rows, width, t("people"))}
      after={
        <>
          {value.warn && <p class="warn">{t("drivers.warn", { n: value.effective })}</p>}
          <table class="small"><thead><tr><th scope="col">{t("table.quantity")}</th><th scope="col" class="number">{t("drivers.before")}</th><th scope="col" class="number">{t("drivers.after")}</th></tr></thead>
            <tbody>{lines.map((one) => <tr key={one.code}><th scope="row">{capital(one.label)}</th><td class="number">{one.before.text}</td><td class="number"><b>{one.after.text}</b></td></tr>)}</tbody></table>
          <p class="muted small">{t("drivers.code")}</p>
          <Code code={value.code} />
        </>
      }
    />
  );
}

function Spread({ value }: { value: IndicatorsAnswer }): JSX.Element | null {
  const codes = Object.keys(value.drivers);
  const [chosen, choose] = useShow("of", codes.find((one) => value.drivers[one]!.length > 0) ?? codes[0] ?? "");
  const rows = value.drivers[chosen] ?? [];
  const { vintage } = usePage();
  const name = (code: string) => vintage?.quantities.find((one) => one.code === code)?.label ?? code;
  if (!codes.length) return null;
  return (
    <Figure
      title={rows.length ? t("drivers.spread.title", { first: rows[0]!.label, of: name(chosen) }) : t("drivers.spread.none")} subtitle={t("drivers.spread.sub")} stamp={value.stamp as StampEntry} file={`drivers-${chosen}`} className="wide"
      sentence={rows.map((one) => `${one.label}: ${one.rank_correlation.toFixed(2)}`).join("; ")}
      table={{ columns: [t("evidence.what"), t("drivers.rank"), t("drivers.low"), t("drivers.high"), t("drivers.information")], numeric: [false, true, true, true, false], rows: rows.map((one) => [one.label, one.rank_correlation.toFixed(2), one.low, one.high, one.information]) }}
      controls={<label>{t("table.quantity")} <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>{codes.map((one) => <option key={one} value={one}>{capital(name(one))}</option>)}</select></label>}
      draw={(width) => drawDrivers(rows, width)}
    />
  );
}

function drawDrivers(rows: DriverEntry[], width: number): { height: number; body: JSX.Element } {
  const narrow = width < 560;
  const left = narrow ? 10 : Math.min(420, Math.floor(width * 0.42));
  const right = width - 44;
  const most = Math.max(0.3, ...rows.map((one) => Math.abs(one.rank_correlation)));
  const x = scale([-most, most], [left, right]);
  const each = narrow ? 52 : 42;
  return {
    height: 22 + rows.length * each + 4,
    body: (
      <g>
        <g font-size="11" fill={theme.muted}>
          <text x={x(0) - 8} y="12" text-anchor="end">← {t("drivers.fewer")}</text>
          <text x={x(0) + 8} y="12">{t("drivers.more")} →</text>
        </g>
        <line x1={x(0)} x2={x(0)} y1="18" y2={22 + rows.length * each} stroke={theme.muted} />
        {rows.map((one, i) => {
          const y = 22 + i * each + (narrow ? 30 : 12);
          const to = x(one.rank_correlation);
          return (
            <g key={one.parameter}>
              <text x={0} y={narrow ? y - 12 : y + 3} font-size="12" font-weight="600" paint-order="stroke" stroke={theme.paper} stroke-width="3">{short(capital(one.label), narrow ? Math.floor(width / 6.4) : Math.floor((left - 10) / 6.4))}</text>
              {!narrow && <text x={0} y={y + 18} font-size="11" fill={theme.muted}>{short(one.information, Math.floor((left - 10) / 5.6))}</text>}
              <rect x={Math.min(x(0), to)} width={Math.abs(to - x(0))} y={y - 8} height={16} fill={one.rank_correlation > 0 ? SIDE_B : SIDE_A} />
              <text x={to + (one.rank_correlation > 0 ? 6 : -6)} y={y + 4} text-anchor={one.rank_correlation > 0 ? "start" : "end"} font-size="12">{one.rank_correlation > 0 ? "+" : "−"}{Math.abs(one.rank_correlation).toFixed(2)}</text>
            </g>
          );
        })}
      </g>
    ),
  };
}

const short = (text: string, letters: number): string => (text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text);

