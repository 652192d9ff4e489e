/** The levers of side B, and the packages that set several at once. */
import type { JSX } from "preact";
import { usePage } from "../core/hooks";
import { t } from "../core/strings";
import { Lever, usable, type LeversObject } from "./Lever";

/** Where a lever of side B stands: moved by hand, set by a package, or as it is now. */
export function standing(name: string, levers: Record<string, number>, object: LeversObject, chosen: string): number {
  return levers[name] ?? object.packages[chosen]?.levers.find((one) => one.lever === name)?.intensity ?? object.levers[name]?.intensity_now ?? 0;
}

export function Levers({ object }: { object: LeversObject }): JSX.Element {
  const { state, go } = usePage();
  const names = Object.keys(object.levers);
  const move = (name: string, value: number) => {
    const lever = object.levers[name]!;
    const rest = Object.fromEntries(Object.entries(state.levers).filter(([one]) => one !== name));
    const back = Math.abs(value - lever.intensity_now) < 0.001 && !state.package;
    go({ levers: back ? rest : { ...rest, [name]: value } }, true);
  };
  const reset = (name: string) => go({ levers: Object.fromEntries(Object.entries(state.levers).filter(([one]) => one !== name)) }, true);
  const packages = usable(object);
  return (
    <section class="card levers" aria-labelledby="levers">
      <header>
        <h2 id="levers">{t("levers.title")}</h2>
        <button type="button" class="plain" disabled={!Object.keys(state.levers).length && !state.package && !state.against} onClick={() => go({ levers: {}, package: "", against: "" })}>{t("levers.reset")}</button>
      </header>
      <p class="sub">{t("levers.sub")}</p>
      <div class="sides">
        <label><b class="side-a">A</b> <span>{t("levers.a")}</span>
          <select value={state.against} onChange={(event) => go({ against: event.currentTarget.value })}>
            <option value="">{t("levers.asnow")}</option>
            {packages.map(([name, one]) => <option key={name} value={name}>{one.title}</option>)}
          </select>
        </label>
        <label><b class="side-b">B</b> <span>{t("levers.b")}</span>
          <select value={state.package} onChange={(event) => go({ package: event.currentTarget.value, levers: {} })}>
            <option value="">{t("levers.own")}</option>
            {packages.map(([name, one]) => <option key={name} value={name}>{one.title}</option>)}
          </select>
        </label>
      </div>
      {(["origin", "everywhere"] as const).map((scope) => (
        <fieldset key={scope}>
          <legend>{t(`levers.${scope}`)}</legend>
          {names.filter((name) => object.levers[name]!.scope === scope).map((name) => (
            <Lever
              key={name} lever={object.levers[name]!} value={standing(name, state.levers, object, state.package)} moved={name in state.levers}
              onMove={(value) => move(name, value)} onReset={() => reset(name)}
            />
          ))}
        </fieldset>
      ))}
    </section>
  );
}
