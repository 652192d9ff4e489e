/** Assumptions: dated events taken as given, and parameters held at one value. Both make a run of the user's own. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { usePage } from "../core/hooks";
import { range, two } from "../core/numbers";
import { findPlaces } from "../core/places";
import { t } from "../core/strings";
import { Dialog } from "./Dialog";

export function Given({ close }: { close: () => void }): JSX.Element {
  const { state, go, vintage } = usePage();
  const [typed, type] = useState("");
  const [find, setFind] = useState("");
  const add = (text: string) => text.trim() && !state.given.includes(text.trim()) && go({ given: [...state.given, text.trim()] });
  const held = Object.entries(state.assume);
  const parameters = (vintage?.assumptions ?? []).map((one) => ({ ...one, code: one.name, aliases: [one.name], name: one.label, key: one.name }));
  const shown = find.trim() ? findPlaces(find, parameters, 8) : parameters.slice(0, 8);
  return (
    <Dialog title={t("given.title")} close={close}>
      <p class="muted">{t("given.sub")}</p>
      {state.given.length > 0 && (
        <ul class="chips">{state.given.map((one) => <li key={one}>{one} <button type="button" class="plain" onClick={() => go({ given: state.given.filter((other) => other !== one) })}>{t("given.remove")}</button></li>)}</ul>
      )}
      <form class="controls" onSubmit={(event) => { event.preventDefault(); add(typed); type(""); }}>
        <label>{t("given.event")} <input type="text" value={typed} placeholder={vintage?.conditions[0]?.examples[0] ?? ""} onInput={(event) => type(event.currentTarget.value)} /></label>
        <button type="submit" class="main">{t("given.add")}</button>
      </form>
      {(vintage?.conditions ?? []).map((form) => (
        <p key={form.kind}>{form.label}: {form.examples.map((one) => <button key={one} type="button" class="chip" onClick={() => add(one)}>{one}</button>)}</p>
      ))}
      <h3>{t("given.parameters")}</h3>
      {held.length > 0 && (
        <ul class="chips">{held.map(([name, value]) => <li key={name}>{name} = {value} <button type="button" class="plain" onClick={() => go({ assume: Object.fromEntries(held.filter(([one]) => one !== name)) })}>{t("given.remove")}</button></li>)}</ul>
      )}
      <label>{t("given.find")} <input type="search" value={find} onInput={(event) => setFind(event.currentTarget.value)} /></label>
      <ul class="assumptions">
        {shown.map((one) => (
          <li key={one.key}>
            <label>
              <span><b>{one.label}</b> <span class="muted small">{one.key} · {t("given.range", { median: two(one.median), range: range(one.low90, one.high90), unit: one.unit })} · {one.informed}</span></span>
              <input type="number" step="any" value={state.assume[one.key] ?? ""} placeholder={two(one.median)} onChange={(event) => { const value = event.currentTarget.value; const rest = Object.fromEntries(held.filter(([name]) => name !== one.key)); go({ assume: value === "" ? rest : { ...rest, [one.key]: Number(value) } }); }} />
            </label>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
