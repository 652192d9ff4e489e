/** Events of the simulations that can be ticked: the forecast as it is where they are seen, against all others. */
import type { JSX } from "preact";
import { usePage } from "../core/hooks";
import { capital, chance, term } from "../core/numbers";
import { t } from "../core/strings";
import type { EventRow } from "../core/types";

export function EventBoard({ events }: { events: EventRow[] }): JSX.Element {
  const { state, go, meta } = usePage();
  const terms = (meta.scales.find((one) => one.code === (state.words || "icd203")) ?? meta.scales[0])?.terms ?? [];
  const word = (p: number) => term(p, terms);
  const tick = (id: string, on: boolean) => go({ seen: on ? [...state.seen, id] : state.seen.filter((one) => one !== id) }, false);
  const codes = [...new Set(events.flatMap((one) => one.moves.map((move) => move.code)))];
  const label = (code: string) => events.flatMap((one) => one.moves).find((move) => move.code === code)?.label ?? code;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={t("drivers.events")}>
      <table class="board">
        <thead>
          <tr>
            <th scope="col">{t("drivers.seen")}</th><th scope="col">{t("drivers.event")}</th><th scope="col">{t("drivers.chance")}</th>
            {codes.map((code) => <th scope="col" key={code} class="number">{label(code)}</th>)}
          </tr>
        </thead>
        <tbody>
          {events.map((one) => (
            <tr key={one.id} class={state.seen.includes(one.id) ? "on" : ""}>
              <td><input type="checkbox" checked={state.seen.includes(one.id)} disabled={!one.can_tick} aria-label={t("drivers.tick", { event: one.label })} onChange={(event) => tick(one.id, event.currentTarget.checked)} /></td>
              <th scope="row">{capital(one.label)}{!one.can_tick && <span class="under">{t("drivers.rare", { n: one.simulations })}</span>}</th>
              <td><span aria-hidden="true">{chance(one.probability)}{word(one.probability) && <span class="under">{word(one.probability)}</span>}</span><span class="hidden">{one.text}</span></td>
              {codes.map((code) => {
                const move = one.moves.find((found) => found.code === code);
                return <td class="number" key={code}>{move ? <>{move.seen}<span class="under">{t("drivers.without", { text: move.without })}</span></> : "–"}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
