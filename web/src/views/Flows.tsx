/** Who goes where: the alluvial of means, the map with its ranked list, and one country. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAnswer, usePage, useShow } from "../core/hooks";
import { capital, chance, day, range, share, two } from "../core/numbers";
import { asked, RUN } from "../core/state";
import { t } from "../core/strings";
import theme, { CUTS, CUTS_PER_MILLION, isPathway, PATHWAYS } from "../core/theme";
import type { CountryRow, FlowsAnswer } from "../core/types";
import { drawAlluvial } from "../parts/Alluvial";
import { DataTable } from "../parts/DataTable";
import { Figure } from "../parts/Figure";
import { Flag } from "../parts/CountryPicker";
import { Notes } from "../parts/Notes";
import { Trouble, Waiting } from "../parts/Waiting";
import { drawMap, MapKeys, useWorld, type Placed } from "../parts/WorldMap";

export function Flows(): JSX.Element {
  const { state } = usePage();
  const { value, error, waiting } = useAnswer<FlowsAnswer>("flows", asked(state, RUN));
  if (error) return <Trouble error={error} />;
  if (!value) return <Waiting what={t("flows.waiting")} />;
  return (
    <div class={waiting ? "view flows stale" : "view flows"} aria-busy={waiting}>
      <Where value={value} />
      <Map value={value} />
      {value.hosts.length > 0 && <Hosts value={value} />}
      <Notes notes={value.notes} />
    </div>
  );
}

function Where({ value }: { value: FlowsAnswer }): JSX.Element {
  const [only, put] = useShow("only", "");
  const [unit, setUnit] = useShow("unit", "people");
  const total = value.nodes.filter((one) => one.column === 0).reduce((sum, one) => sum + one.value, 0) || 1;
  const codes = PATHWAYS.filter((code) => value.nodes.some((one) => one.code === code));
  return (
    <Figure
      title={value.title} subtitle={value.subtitle} sentence={value.sentence} stamp={value.stamp} file="flows" className="alluvial"
      table={{
        columns: [t("flows.from"), t("flows.to"), t("flows.mean"), t("table.share")], numeric: [false, false, true, true],
        rows: value.links.map((one) => [labelOf(value, one.source), labelOf(value, one.target), two(one.value), share(one.value / total)]),
      }}
      controls={
        <>
          <div class="segments" role="group" aria-label={t("flows.unit")}>
            {(["people", "share"] as const).map((one) => <button key={one} type="button" aria-pressed={unit === one} onClick={() => setUnit(one)}>{t(`flows.${one}`)}</button>)}
          </div>
          <div class="segments letters" role="group" aria-label={t("flows.only")}>
            {codes.map((code) => (
              <button key={code} type="button" aria-pressed={only === code} style={{ "--of": theme.pathways[code].text }} onClick={() => put(only === code ? "" : code)}>
                <b>{theme.pathways[code].letter}</b><span class="hidden"> {theme.pathways[code].short}</span>
              </button>
            ))}
          </div>
        </>
      }
      draw={(width) => drawAlluvial({ nodes: value.nodes, links: value.links, only, text: (node, brief) => (unit === "share" ? share(node.value / total) : (brief ? "" : node.range_text) || two(node.value)) }, width)}
    />
  );
}

const labelOf = (value: FlowsAnswer, id: string): string => value.nodes.find((one) => one.id === id)?.label ?? id;

/** A row of the map as class, range and text, per million inhabitants where that is asked for. */
export function placed(row: CountryRow, column: string, perMillion: boolean): Placed | null {
  const found = row.values[column];
  if (!found || row.kind !== "country") return null;
  const by = perMillion ? (row.population ? row.population / 1e6 : NaN) : 1;
  const [, median = 0, low = 0, high = 0] = found.map((one) => one / by);
  if (!Number.isFinite(median)) return null;
  return { code: row.code, name: row.name, value: median, low, high, text: `${two(median)} (${range(low, high)})` };
}

function Map({ value }: { value: FlowsAnswer }): JSX.Element {
  const { state, go, vintage } = usePage();
  const shapes = useWorld();
  const [column, setColumn] = useShow("column", value.columns.includes("returned") ? "returned" : (value.columns[0] ?? ""));
  const [per, setPer] = useShow("per", "count");
  const [picked, setActive] = useState(state.focus);
  const perMillion = per === "million";
  const places = value.countries.map((row) => placed(row, column, perMillion)).filter((one): one is Placed => one !== null).sort((a, b) => b.value - a.value);
  const active = value.countries.some((one) => one.code === picked) ? picked : (places[0]?.code ?? "");
  const label = value.labels[column] ?? column;
  const unit = perMillion ? t("map.permillion") : t("people");
  const top = places.slice(0, 3).map((one) => `${one.name} ${one.text}`).join("; ");
  const now = places.find((one) => one.code === active);
  const row = value.countries.find((one) => one.code === active);
  const open = (code: string) => {
    setActive(code);
    document.getElementById("country")?.focus();
  };
  return (
    <>
      <Figure
        title={t("map.title", { label: capital(label), names: places.slice(0, 3).map((one) => one.name).join(", ") })} subtitle={t("map.sub", { month: day(value.at_date), unit })}
        sentence={t("map.sentence", { label, top, n: places.length })} stamp={value.stamp} file={`map-${column}`} className="map"
        table={{
          columns: [t("table.country"), ...value.columns.flatMap((one) => [value.labels[one] ?? one, t("dots.range")])],
          rows: value.countries.map((one) => [one.name, ...value.columns.flatMap((name) => [two(one.values[name]?.[1]), range(one.values[name]?.[2], one.values[name]?.[3])])]),
        }}
        controls={
          <>
            <label>{t("map.show")}{" "}
              <select value={column} onChange={(event) => setColumn(event.currentTarget.value)}>
                {value.columns.map((one) => <option key={one} value={one}>{capital(value.labels[one] ?? one)}</option>)}
              </select>
            </label>
            {value.countries.some((one) => one.population) && <div class="segments" role="group" aria-label={t("flows.unit")}>
              {(["count", "million"] as const).map((one) => <button key={one} type="button" aria-pressed={per === one} onClick={() => setPer(one)}>{t(`map.${one}`)}</button>)}
            </div>}
          </>
        }
        draw={(width) => (shapes
          ? drawMap({ shapes, places, cuts: perMillion ? CUTS_PER_MILLION : CUTS, active, onPick: open, onHover: setActive, theatre: ["IRQ", "SYR"], unit }, width)
          : { height: Math.round(width * 0.44) + 44, body: <text x="12" y="24">{t("map.loading")}</text> })}
        overlay={() => <MapKeys places={places} active={active} label={t("map.keys", { label })} onMove={setActive} onOpen={open} />}
        after={shapes && places.length > 0 && !places.some((one) => shapes.some((shape) => shape.id === one.code)) ? <p class="note">{t("map.absent")}</p> : <p class="readout" aria-hidden="true">{now ? <><b>{now.name}</b> {now.text}</> : t("map.hint")}</p>}
      />
      <section class="card ranked" aria-labelledby="ranked">
        <h2 id="ranked">{t("map.ranked", { label, unit })}</h2>
        <ol class="ranks">
          {places.slice(0, 40).map((one) => <Rank key={one.code} one={one} most={places[0]!.value} highest={Math.max(...places.map((p) => p.high))} active={one.code === active} onPick={() => open(one.code)} />)}
        </ol>
        <p class="note">{t("map.roots")}</p>
      </section>
      <section class="card country" id="country" tabIndex={-1} aria-live="polite" aria-label={t("flows.country")}>
        {row ? <Country value={value} row={row} rank={places.findIndex((one) => one.code === active) + 1} of={places.length} /> : <p class="muted">{t("flows.pick")}</p>}
        {row && row.code !== state.focus && vintage?.origins.some((one) => one.code === row.code) && (
          <button type="button" class="main" onClick={() => go({ focus: row.code, view: "outlook", show: {} })}>{t("flows.focus", { name: row.name })}</button>
        )}
      </section>
    </>
  );
}

function Rank({ one, highest, active, onPick }: { one: Placed; most: number; highest: number; active: boolean; onPick: () => void }): JSX.Element {
  const x = (value: number) => (Math.sqrt(Math.max(0, value)) / Math.sqrt(highest || 1)) * 100;
  return (
    <li>
      <button type="button" class={active ? "rank-row at" : "rank-row"} onClick={onPick} aria-pressed={active}>
        <span class="name">{one.name}</span>
        <span class="amount">{two(one.value)}</span>
        <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <line x1={x(one.low)} x2={x(one.high)} y1="5" y2="5" stroke="#94bbdb" stroke-width="4" />
          <rect x={x(one.value) - 0.8} width="1.6" y="1" height="8" fill="#143a66" />
        </svg>
        <span class="muted small">{range(one.low, one.high)}</span>
      </button>
    </li>
  );
}

/** Quantities in two columns, the first as long as the second or one longer. */
function halves(names: string[]): string[][] {
  const middle = Math.ceil(names.length / 2);
  return [names.slice(0, middle), names.slice(middle)].filter((one) => one.length);
}

function Country({ value, row, rank, of }: { value: FlowsAnswer; row: CountryRow; rank: number; of: number }): JSX.Element {
  const { why, state } = usePage();
  return (
    <>
      <h2>{row.name}</h2>
      <p class="muted">{rank > 0 && t("flows.rank", { rank, of })} <Flag flag={row.flag as "measured"} /></p>
      <div class="halves">
        {halves(value.columns).map((names) => (
          <table key={names[0]}>
            <thead><tr><th scope="col">{t("table.quantity")}</th><th scope="col" class="number">{t("dots.median")}</th><th scope="col" class="number">{t("dots.range")}</th></tr></thead>
            <tbody>
              {names.map((name) => (
                <tr key={name}>
                  <th scope="row">{isPathway(name) && <b class="letter" style={{ background: theme.pathways[name].fill }}>{theme.pathways[name].letter}</b>} {capital(value.labels[name] ?? name)}</th>
                  <td class="number"><b>{two(row.values[name]?.[1])}</b></td>
                  <td class="number">{range(row.values[name]?.[2], row.values[name]?.[3])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
      {row.code === state.focus && <button type="button" class="plain" onClick={() => why(value.columns.includes("returned") ? "returned" : value.columns[0]!)}>{t("why.title")}</button>}
    </>
  );
}

/** Places abroad that are listed at once; the rest is folded. */
const HOSTS = 11;

function Hosts({ value }: { value: FlowsAnswer }): JSX.Element {
  const rows = value.hosts.map((one) => [one.name, two(one.people.median), range(one.people.low90, one.people.high90), one.p_reached === null ? "" : one.p_reached >= 0.9995 ? t("hosts.there") : chance(one.p_reached)]);
  const table = (some: string[][]) => <DataTable caption={t("hosts.title")} table={{ columns: [t("table.place"), t("dots.median"), t("dots.range"), t("hosts.note")], rows: some }} />;
  return (
    <section class="card hosts" aria-labelledby="hosts">
      <h2 id="hosts">{t("hosts.title")}</h2>
      <p class="sub">{t("hosts.sub", { month: day(value.at_date) })}</p>
      {table(rows.slice(0, HOSTS))}
      {rows.length > HOSTS && <details class="more"><summary>{t("hosts.rest", { n: rows.length - HOSTS })}</summary>{table(rows.slice(HOSTS))}</details>}
    </section>
  );
}

