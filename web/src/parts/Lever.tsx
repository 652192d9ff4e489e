/** A lever: how much of it, what nothing, now and all of it mean, and what its effects rest on. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { day, two } from "../core/numbers";
import { t, type Key } from "../core/strings";

export interface LeverFacts {
  title: string;
  scope: "origin" | "everywhere";
  none: string;
  now: string;
  full: string;
  intensity_now: number;
  /** Whether it was public on the as-of date; what was not cannot be set. */
  public_at_as_of?: boolean;
  published?: string;
  source: string;
  in_force: string[];
  effects: Record<string, { description: string; low90: number; high90: number; status: string }>;
  side_effects: { name: string; description: string; quantity: string; direction: string }[];
}

export interface LeversObject {
  levers: Record<string, LeverFacts>;
  packages: Record<string, { title: string; source: string; counterfactual: boolean; public_at_as_of?: boolean; levers: { lever: string; intensity: number }[] }>;
}

/** Packages that can be used on the as-of date, by name: counterfactual ones always. */
export function usable(object: LeversObject): [string, LeversObject["packages"][string]][] {
  const known = (name: string) => object.levers[name]?.public_at_as_of !== false;
  return Object.entries(object.packages).filter(([, one]) => one.counterfactual || (one.public_at_as_of !== false && one.levers.every((part) => known(part.lever))));
}

const RANKS = ["observed", "quasi-experiment", "expert", "assumption", "decision"];

/** The weakest ground that any effect of a lever stands on: what is assumed decides. */
export function weakest(lever: LeverFacts): string {
  const found = Object.values(lever.effects).map((one) => one.status);
  for (const status of ["assumption", "expert", "observed", "quasi-experiment"]) if (found.includes(status)) return status;
  return found[0] ?? RANKS[3]!;
}

interface Props {
  lever: LeverFacts;
  value: number;
  moved: boolean;
  onMove: (value: number) => void;
  onReset: () => void;
}

export function Lever({ lever, value, moved, onMove, onReset }: Props): JSX.Element {
  const id = useId();
  const word = value <= 0.001 ? lever.none : value >= 0.999 ? lever.full : Math.abs(value - lever.intensity_now) < 0.001 ? lever.now : null;
  const late = lever.public_at_as_of === false;
  const put = (text: string) => text !== "" && Number.isFinite(Number(text)) && onMove(Math.min(1, Math.max(0, Number(text))));
  return (
    <div class={moved ? "lever moved" : "lever"}>
      <div class="lever-head">
        <label for={id}>{lever.title}</label>
        <input type="number" min="0" max="1" step="0.05" value={value} disabled={late} aria-label={t("lever.number", { name: lever.title })} onInput={(event) => put(event.currentTarget.value)} />
      </div>
      <div class="rail">
        <input
          id={id} type="range" min="0" max="1" step="0.05" value={value} disabled={late} aria-describedby={`${id}-words`}
          aria-valuetext={`${two(value)}${word ? `, ${word}` : ""}`} onInput={(event) => put(event.currentTarget.value)}
        />
        <span class="now" style={{ left: `calc(8px + (100% - 16px) * ${lever.intensity_now})` }} title={t("lever.now", { words: lever.now })} aria-hidden="true" />
      </div>
      <details>
        <summary id={`${id}-words`}>
          {word ?? t("lever.between", { low: value < lever.intensity_now ? lever.none : lever.now, high: value < lever.intensity_now ? lever.now : lever.full })}
          <span class="basis"> · {late ? t("lever.late", { date: day(lever.published ?? "") }) : t(`status.${weakest(lever)}` as Key)}</span>
        </summary>
        {moved && <button type="button" class="plain" onClick={onReset}>{t("lever.reset")}</button>}
        <p>{t("lever.meaning", { none: lever.none, now: lever.now, full: lever.full })}</p>
        <ul>
          {Object.entries(lever.effects).map(([name, one]) => (
            <li key={name}>{t("lever.effect", { what: one.description, low: two(one.low90), high: two(one.high90), status: t(`status.${one.status}` as Key) })}</li>
          ))}
        </ul>
        {lever.side_effects.length > 0 && (
          <p>{t("lever.sides")} {lever.side_effects.map((one) => one.description).join("; ")}.</p>
        )}
      </details>
    </div>
  );
}
