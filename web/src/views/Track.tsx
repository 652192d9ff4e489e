/** Has it been right? Forecasts from past dates against figures published later, hidden until asked for. */
import type { JSX } from "preact";
import { useAnswer, usePage, useShow } from "../core/hooks";
import { roundUp, scale, ticks } from "../core/layout";
import { capital, day, range, share, signed, two } from "../core/numbers";
import { asked, START, VINTAGE } from "../core/state";
import { t } from "../core/strings";
import theme, { SIDE_B } from "../core/theme";
import type { OutcomeRow, RecordRow, StampEntry, TrackAnswer } from "../core/types";
import { Code } from "../parts/Code";
import { Figure } from "../parts/Figure";
import { Trouble, Waiting } from "../parts/Waiting";
import { counted } from "./Violence";

export function Track(): JSX.Element {
  const { state, meta } = usePage();
  const [shown, show] = useShow("reveal", "no");
  const reveal = shown === "yes";
  const query = asked(state, VINTAGE);
  query.set("reveal", String(reveal));
  const one = meta.cases.find((found) => found.name === (state.case || meta.defaults.case));
  const as_of = state.as_of || one?.as_of || "";
  const vintage = one?.vintages.find((found) => found.as_of === as_of);
  const early = vintage?.prepared && !vintage.outcomes;
  const { value, error, waiting } = useAnswer<TrackAnswer>(early ? null : "track", query);
  if (early) return <NotYet name={one?.name ?? ""} as_of={as_of} />;
  if (error) return <Trouble error={error} />;
  if (!value) return <Waiting what={t("track.waiting")} />;
  const stamp = stampOf(value, meta.model_version);
  const record = value.record;
  if (!value.rows.length && !value.dates.length) return <NotYet name={value.case} as_of={value.rows_of} />;
  return (
    <div class={waiting ? "view track stale" : "view track"} aria-busy={waiting}>
      <section class="card ask wide" aria-labelledby="ask">
        <div>
          <h2 id="ask">{t("track.title")}</h2>
          <p class="sub">{reveal ? t("track.shown") : t("track.hidden")}</p>
        </div>
        <label class="switch"><input type="checkbox" role="switch" checked={reveal} onChange={(event) => show(event.currentTarget.checked ? "yes" : "no", false)} /> <span>{t("track.reveal")}</span></label>
      </section>
      {value.sentences.length > 0 && (
        <section class="card wide" aria-labelledby="track-says"><h2 id="track-says">{t("track.says")}</h2><ul class="says plain-list">{value.sentences.map((one) => <li key={one}>{one}</li>)}</ul></section>
      )}
      {value.rows.length > 0 && <Rows rows={value.rows} reveal={reveal} of={value.rows_of} stamp={stamp} />}
      {reveal && record.length > 0 && <Record rows={record} stamp={stamp} />}
      <section class="card wide"><h2>{t("code.same")}</h2><Code code={value.code} />{value.notes.map((one) => <p class="note" key={one}>{one}</p>)}</section>
    </div>
  );
}

/** Where nothing was published after the as-of date: what can be looked at instead. */
function NotYet({ name, as_of }: { name: string; as_of: string }): JSX.Element {
  const { meta, go } = usePage();
  const past = meta.cases.filter((one) => one.name !== name && !one.living && !one.name.startsWith("user:")).flatMap((one) => one.vintages.map((vintage) => ({ name: one.name, title: one.title, as_of: vintage.as_of })));
  return (
    <div class="view track">
      <section class="card wide start" aria-labelledby="not-yet">
        <h2 id="not-yet">{t("track.notyet", { day: day(as_of) })}</h2>
        <p>{t("track.notyet.sub")}</p>
        <div class="choices">
          {past.map((one) => (
            <button key={one.name + one.as_of} type="button" onClick={() => go({ ...START, view: "track", case: one.name, as_of: one.as_of, words: "" })}>
              <b>{one.title}</b><span class="muted">{t("track.seenfrom", { day: day(one.as_of) })}</span>
            </button>
          ))}
        </div>
      </section>
    </div>
  );
}

function stampOf(value: TrackAnswer, model_version: string): StampEntry {
  return {
    case: value.case, case_hash: "", as_of: value.rows_of || value.dates.at(-1) || "", model_version, model_hash: "", draws: "", seed: 0, simulations: 0, horizon_months: 0,
    run: "", kind: "published", prepared: true, source_line: t("track.source", { case: value.case, model: model_version }), basis: "", notes: [],
  };
}

const within = (row: OutcomeRow): string => (row.inside90 === null ? "" : row.inside90 ? t("track.inside") : t("track.outside"));

/** How far outside its range an observed figure lies: the biggest misses come first. */
function miss(row: OutcomeRow): number {
  const seen = row.observed === null ? null : counted(row.observed);
  const [low = 0, , , , high = 0] = row.predicted;
  if (seen === null || row.inside90 !== false) return 0;
  return Math.abs(Math.log1p(seen) - Math.log1p(seen < low ? low : high));
}

function Rows({ rows, reveal, of, stamp }: { rows: OutcomeRow[]; reveal: boolean; of: string; stamp: StampEntry }): JSX.Element {
  const [how, sort] = useShow("sort", "size");
  const sorted = [...rows].sort((a, b) => (reveal && how === "miss" ? miss(b) - miss(a) : 0) || (b.predicted[2] ?? 0) - (a.predicted[2] ?? 0));
  const shown = sorted.slice(0, 36);
  const inside = rows.filter((one) => one.inside90).length;
  const known = rows.filter((one) => one.inside90 !== null).length;
  const title = reveal && known ? t("track.rows.revealed", { inside, known, day: day(of) }) : t("track.rows.hidden", { n: rows.length, day: day(of) });
  return (
    <Figure
      title={title} subtitle={t("track.rows.sub")} sentence={`${title}. ${shown.slice(0, 5).map((one) => `${one.name}, ${one.label}: ${one.predicted_text}${one.observed ? `; ${t("track.observed")} ${one.observed}` : ""}`).join(". ")}.`}
      stamp={stamp} file="predicted-observed" className="wide"
      table={{
        columns: [t("table.country"), t("table.quantity"), t("track.date"), t("track.predicted"), t("track.observed"), t("track.in90")], numeric: [false, false, false, true, true, false],
        rows: sorted.map((one) => [one.name, one.label, day(one.refers_to), one.predicted_text, one.observed ?? t("track.covered"), within(one)]),
      }}
      controls={reveal && (
        <div class="segments" role="group" aria-label={t("track.sort")}>
          {(["size", "miss"] as const).map((one) => <button key={one} type="button" aria-pressed={how === one} onClick={() => sort(one)}>{t(`track.sort.${one}`)}</button>)}
        </div>
      )}
      draw={(width) => drawRows(shown, width, reveal)}
      after={rows.length > shown.length ? <p class="note">{t("track.more", { shown: shown.length, n: rows.length })}</p> : undefined}
    />
  );
}

/** Predicted ranges on one axis (roots, so that small countries can be seen), with what was published as a cross. */
function drawRows(rows: OutcomeRow[], width: number, reveal: boolean): { height: number; body: JSX.Element } {
  const narrow = width < 640;
  const [left, right] = [narrow ? 8 : 300, width - (narrow ? 8 : 152)];
  const each = narrow ? 42 : 24;
  const seen = (row: OutcomeRow) => (reveal && row.observed !== null ? counted(row.observed) : null);
  const top = roundUp(Math.max(...rows.map((row) => Math.max(row.predicted[4] ?? 0, seen(row) ?? 0)), 1));
  const x = scale([0, Math.sqrt(top)], [left, right]);
  const at = (value: number) => x(Math.sqrt(Math.max(0, value)));
  const foot = 22 + rows.length * each;
  const marks = [...new Set([0, ...ticks(0, top, 4), top / 25, top / 100].map((one) => Number(one.toPrecision(1))))].filter((one) => one <= top).filter((one, i, all) => all.every((other, j) => j >= i || Math.abs(at(other) - at(one)) > 44));
  return {
    height: foot + 22,
    body: (
      <g>
        {!narrow && <text x={right + 14} y={12} font-size="11" fill={theme.muted}>{reveal ? t("track.observed") : t("track.predicted")}</text>}
        {marks.map((one) => (
          <g key={one} font-size="11" fill={theme.muted}>
            <line x1={at(one)} x2={at(one)} y1={18} y2={foot} stroke={theme.rule} />
            <text x={at(one)} y={foot + 15} text-anchor={at(one) > right - 20 ? "end" : "middle"}>{two(one)}</text>
          </g>
        ))}
        {rows.map((row, i) => {
          const y = 22 + i * each + each / 2 + (narrow ? 10 : 0);
          const [q05 = 0, q25 = 0, q50 = 0, q75 = 0, q95 = 0] = row.predicted;
          const found = seen(row);
          const outside = reveal && row.inside90 === false;
          return (
            <g key={i}>
              <text x={0} y={narrow ? y - 12 : y + 4} font-size="12" font-weight={outside ? "700" : "400"}>{capital(row.name)}<tspan fill={theme.muted} font-weight="400">{`  ${row.label}, ${day(row.refers_to.slice(0, 7))}${row.hindsight ? " *" : ""}`}</tspan></text>
              <line x1={at(q05)} x2={at(q95)} y1={y} y2={y} stroke={SIDE_B} stroke-opacity="0.3" stroke-width="7" />
              <line x1={at(q25)} x2={at(q75)} y1={y} y2={y} stroke={SIDE_B} stroke-opacity="0.55" stroke-width="7" />
              <line x1={at(q50)} x2={at(q50)} y1={y - 6} y2={y + 6} stroke={SIDE_B} stroke-width="2" />
              {found !== null && <path d={`M${at(found) - 5},${y - 5}l10,10m0,-10l-10,10`} stroke={outside ? "#a83b2b" : theme.ink} stroke-width="2.2" fill="none" />}
              {!narrow && <text x={right + 14} y={y + 4} font-size="12" fill={outside ? "#a83b2b" : theme.ink}>{reveal ? (row.observed ?? "–") + (outside ? ` ${t("track.outside.short")}` : "") : row.predicted_text}</text>}
            </g>
          );
        })}
      </g>
    ),
  };
}

/** How the record stands by date: how often ranges held, and skill against the baselines. */
function Record({ rows, stamp }: { rows: RecordRow[]; stamp: StampEntry }): JSX.Element {
  const held = (one: number | null) => (one === null ? "–" : share(one));
  const line = (skill: number | null, low: number | null, high: number | null) =>
    skill === null ? "–" : `${signed(skill)}${low === null || high === null ? "" : ` (${range(low, high)})`}`;
  return (
    <Figure
      title={t("track.coverage")} subtitle={t("track.coverage.sub")} sentence={rows.map((one) => t("track.coverage.sentence", { day: day(one.as_of), p: held(one.coverage90), n: one.figures })).join("; ")}
      stamp={stamp} file="coverage" className="wide"
      table={{
        columns: [t("asof"), t("track.figures"), t("track.in50"), t("track.in90"), t("track.skill"), t("track.skill.regression")], numeric: [false, true, true, true, true, true],
        rows: rows.map((one) => [day(one.as_of), one.figures, held(one.coverage50), held(one.coverage90), line(one.skill, one.skill_low90, one.skill_high90), line(one.regression, one.regression_low90, one.regression_high90)]),
      }}
      draw={(width) => drawCoverage(rows, width)}
    />
  );
}

function drawCoverage(rows: RecordRow[], width: number): { height: number; body: JSX.Element } {
  const narrow = width < 700;
  const left = narrow ? 84 : 150;
  const half = narrow ? width - left - 12 : Math.floor((width - left) / 2) - 40;
  const x = scale([0, 1], [left, left + half]);
  const from = left + half + 60;
  const s = scale([-0.4, 0.8], [from, width - 14]);
  const each = 28;
  const foot = 34 + rows.length * each;
  const gap = (skill: number | null, low: number | null, high: number | null, y: number, colour: string) => skill !== null && (
    <g>
      {low !== null && high !== null && <line x1={s(Math.max(-0.4, low))} x2={s(Math.min(0.8, high))} y1={y} y2={y} stroke={colour} stroke-opacity="0.4" stroke-width="4" />}
      <circle cx={s(Math.min(0.8, Math.max(-0.4, skill)))} cy={y} r="4" fill={colour} />
    </g>
  );
  return {
    height: foot + 24,
    body: (
      <g font-size="12">
        <text x={left} y={12} font-weight="700">{t("track.held")}</text>
        {!narrow && <text x={from} y={12} font-weight="700">{t("track.skills")}</text>}
        {[0, 0.5, 0.9, 1].map((one) => (
          <g key={one} font-size="11" fill={theme.muted}>
            <line x1={x(one)} x2={x(one)} y1={22} y2={foot} stroke={one === 0.5 || one === 0.9 ? theme.muted : theme.rule} stroke-dasharray={one === 0.5 || one === 0.9 ? "3 2" : undefined} />
            <text x={x(one)} y={foot + 15} text-anchor={one === 1 ? "start" : "middle"}>{share(one)}</text>
          </g>
        ))}
        {!narrow && [-0.4, 0, 0.4, 0.8].map((one) => (
          <g key={one} font-size="11" fill={theme.muted}>
            <line x1={s(one)} x2={s(one)} y1={22} y2={foot} stroke={one ? theme.rule : theme.muted} />
            <text x={s(one)} y={foot + 15} text-anchor="middle">{one > 0 ? `+${one}` : one === 0 ? "0" : `−${-one}`}</text>
          </g>
        ))}
        {rows.map((row, i) => {
          const y = 34 + i * each + each / 2 - 4;
          return (
            <g key={row.as_of}>
              <text x="0" y={y + 4}>{day(row.as_of)}</text>
              {row.coverage50 !== null && <path d={`M${x(row.coverage50)},${y - 6}l6,6l-6,6l-6,-6Z`} fill={theme.paper} stroke={SIDE_B} stroke-width="2" />}
              {row.coverage90 !== null && <circle cx={x(row.coverage90)} cy={y} r="5.5" fill={SIDE_B} />}
              {!narrow && gap(row.skill, row.skill_low90, row.skill_high90, y - 4, SIDE_B)}
              {!narrow && gap(row.regression, row.regression_low90, row.regression_high90, y + 5, "#6a4413")}
            </g>
          );
        })}
      </g>
    ),
  };
}

