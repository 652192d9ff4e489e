/** Analysis of competing hypotheses: events against pathways, what tells them apart first; and published judgements. */
import type { JSX } from "preact";
import { usePage } from "../core/hooks";
import { capital, day, two } from "../core/numbers";
import { t } from "../core/strings";
import theme, { isPathway } from "../core/theme";
import type { EventRow, IndicatorsAnswer, SupportEntry, WatchRow } from "../core/types";

const CODES = Object.keys(theme.pathways).filter(isPathway);
/** Rows shown at most. */
const MOST = 16;

const sign = (mark: string): string => mark.replaceAll("-", "−");

function Heads({ first, last }: { first: JSX.Element; last?: JSX.Element }): JSX.Element {
  return (
    <thead>
      <tr>
        {first}
        {CODES.map((code) => (
          <th scope="col" key={code} class="cross" title={theme.pathways[code].short}>
            <b class="letter" style={{ background: theme.pathways[code].fill }} aria-hidden="true">{theme.pathways[code].letter}</b><span class="under">{theme.pathways[code].short}</span>
          </th>
        ))}
        {last}
      </tr>
    </thead>
  );
}

const wordsOf = (event: EventRow): string => (event.support ?? []).map((one) => `${isPathway(one.code) ? theme.pathways[one.code].short : one.code} ${sign(one.mark) || "–"}`).join(", ");

/** The grid of simulated events; a tick filters the simulations. */
export function Hypotheses({ value }: { value: IndicatorsAnswer }): JSX.Element | null {
  const { state, go } = usePage();
  const able = value.events.filter((one) => (one.support ?? []).length > 0);
  if (!able.length) return null;
  const telling = able.filter((one) => (one.tells_apart ?? 0) > 0).sort((a, b) => b.tells_apart - a.tells_apart);
  const shown = telling.slice(0, MOST);
  const tick = (id: string, on: boolean) => go({ seen: on ? [...state.seen, id] : state.seen.filter((one) => one !== id) }, false);
  return (
    <section class="card wide hypotheses" aria-labelledby="ach">
      <h2 id="ach">{shown[0] ? t("ach.first", { event: capital(shown[0].label) }) : t("ach.none")}</h2>
      <p class="sub">{t("ach.title")} {t("ach.by", { month: day(value.by_date) })}. {t("ach.sub")}</p>
      {shown.length > 0 && (
        <div class="scroll" tabIndex={0} role="group" aria-label={t("ach.title")}>
          <table class="ach">
            <Heads first={<><th scope="col">{t("ach.tick")}</th><th scope="col">{t("ach.simulated")}</th></>} />
            <tbody>
              {shown.map((one) => (
                <tr key={one.id} class={state.seen.includes(one.id) ? "on" : ""} aria-label={t("ach.sentence", { event: one.label, marks: wordsOf(one) })}>
                  <td><input type="checkbox" checked={state.seen.includes(one.id)} aria-label={t("drivers.tick", { event: one.label })} onChange={(event) => tick(one.id, event.currentTarget.checked)} /></td>
                  <th scope="row">{capital(one.label)}</th>
                  {CODES.map((code) => <Cell key={code} one={one.support.find((found) => found.code === code)} />)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="note">{t("ach.note")}{able.length > shown.length && ` ${t("ach.rest", { n: able.length - shown.length })}`}</p>
    </section>
  );
}

function Cell({ one }: { one: SupportEntry | undefined }): JSX.Element {
  if (!one || one.ratio === null) return <td class="cross none">–</td>;
  const strength = one.mark.startsWith("+") ? "for" : one.mark.startsWith("-") ? "against" : "none";
  return (
    <td class={`cross ${strength}${one.mark.length > 1 ? " much" : ""}`}>
      <b>{sign(one.mark)}</b>{strength !== "none" && <span class="under" title={t("ach.ratio", { ratio: two(one.ratio) })}>{two(one.ratio)}</span>}
    </td>
  );
}

const ARROWS = { up: "↑", more: "↑", down: "↓", less: "↓", either: "↕" } as const;
const arrow = (direction: string): string => ARROWS[direction as keyof typeof ARROWS] ?? "↕";
const spoken = (direction: string): string => (arrow(direction) === "↑" ? t("ach.up") : arrow(direction) === "↓" ? t("ach.down") : t("ach.either"));

/** Indicators of the case against the same pathways, each in the direction that its source sees. */
export function Watched({ watch }: { watch: WatchRow[] }): JSX.Element {
  const spread = (one: WatchRow) => one.pathways.filter(isPathway).length;
  const rows = [...watch].sort((a, b) => Math.min(1, spread(b)) - Math.min(1, spread(a)));
  return (
    <div class="scroll tall" tabIndex={0} role="group" aria-label={t("ach.watch")}>
      <table class="ach watched">
        <Heads first={<th scope="col">{t("drivers.watch")}</th>} last={<th scope="col">{t("evidence.source")}</th>} />
        <tbody>
          {rows.map((one) => (
            <tr key={one.id}>
              <th scope="row"><b>{one.name}</b><span class="under">{one.watch}{one.judgement && ` · ${one.judgement}`}</span></th>
              {CODES.map((code) => (
                <td key={code} class={one.pathways.includes(code) ? "cross for" : "cross none"}>
                  {one.pathways.includes(code) ? <><b aria-hidden="true">{arrow(one.direction)}</b><span class="hidden">{spoken(one.direction)}</span></> : ""}
                </td>
              ))}
              <td class="small">{one.source}<span class="under">{[one.published ? day(one.published) : "", one.grade].filter(Boolean).join(" · ")}</span></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
