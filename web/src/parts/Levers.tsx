/** The levers of side B, and the packages that set several at once. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { useNarrow, usePage } from "../core/hooks";
import { two } from "../core/numbers";
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
      {(["origin", "everywhere"] as const).map((scope) => {
        const own = names.filter((name) => object.levers[name]!.scope === scope);
        const differing = own.filter((name) => Math.abs(standing(name, state.levers, object, state.package) - object.levers[name]!.intensity_now) > 0.001);
        return (
          <Group key={scope} title={t(`levers.${scope}`)} number={own.length} set={differing.map((name) => `${object.levers[name]!.title} ${two(standing(name, state.levers, object, state.package))}`)}>
            {own.map((name) => (
              <Lever
                key={name} lever={object.levers[name]!} value={standing(name, state.levers, object, state.package)} moved={name in state.levers}
                onMove={(value) => move(name, value)} onReset={() => reset(name)}
              />
            ))}
          </Group>
        );
      })}
    </section>
  );
}

/** Levers of one scope; on a phone folded, with those that are set named in its heading. */
function Group({ title, number, set, children }: { title: string; number: number; set: string[]; children: ComponentChildren }): JSX.Element {
  const narrow = useNarrow();
  const [open, put] = useState(!narrow);
  return (
    <details class="group" open={open || !narrow} onToggle={(event) => put(event.currentTarget.open)}>
      <summary>
        <h3>{title}</h3>
        <span class="set">{set.join(" · ") || t("levers.count", { n: number })}</span>
      </summary>
      <div role="group" aria-label={title}>{children}</div>
    </details>
  );
}
