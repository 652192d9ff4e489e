/** Choosing a country: found as it is typed, each with a flag of how good its data are. */
import type { JSX } from "preact";
import { useId, useMemo, useRef, useState } from "preact/hooks";
import { findPlaces } from "../core/places";
import { t } from "../core/strings";
import type { OriginEntry } from "../core/types";

interface Props {
  origins: OriginEntry[];
  focus: string;
  onPick: (code: string) => void;
}

export function CountryPicker({ origins, focus, onPick }: Props): JSX.Element {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const now = origins.find((one) => one.code === focus);
  const found = useMemo(() => {
    const places = origins.map((one) => ({ ...one, aliases: one.spellings })).sort((a, b) => a.name.localeCompare(b.name));
    const answers = findPlaces(typed, places);
    const world = { code: "", name: t("world"), flag: "" as const, flag_text: "" };
    return typed.trim() ? answers : [world, ...answers];
  }, [origins, typed]);
  const close = () => {
    setOpen(false);
    setTyped("");
  };
  const pick = (code: string) => {
    onPick(code);
    close();
    field.current?.blur();
  };
  const move = (step: number) => {
    setOpen(true);
    const next = Math.min(found.length - 1, Math.max(0, at + step));
    setAt(next);
    list.current?.children[next]?.scrollIntoView({ block: "nearest" });
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && open && found[at]) pick(found[at].code);
    else if (event.key === "Escape") close();
  };
  return (
    <div class="picker">
      <label for={id}>{t("focus")}</label>
      <input
        id={id} ref={field} role="combobox" autocomplete="off" spellcheck={false} aria-expanded={open} aria-controls={`${id}-list`} aria-autocomplete="list"
        aria-activedescendant={open && found[at] ? `${id}-${at}` : undefined} placeholder={now?.name ?? t("world")} value={open ? typed : (now?.name ?? t("world"))}
        onFocus={() => { setOpen(true); setTyped(""); setAt(0); }} onBlur={close} onKeyDown={pressed}
        onInput={(event) => { setTyped(event.currentTarget.value); setAt(0); setOpen(true); }}
      />
      <ul class="options" id={`${id}-list`} role="listbox" aria-label={t("focus")} ref={list} hidden={!open}>
        {found.map((one, i) => (
          <li
            key={one.code} id={`${id}-${i}`} role="option" aria-selected={one.code === focus} class={i === at ? "at" : ""}
            onPointerDown={(event) => { event.preventDefault(); pick(one.code); }}
          >
            <span>{one.name}</span>
            {one.flag && <Flag flag={one.flag} />}
          </li>
        ))}
        {found.length === 0 && <li class="nobody" role="option" aria-selected="false" aria-disabled="true">{t("focus.none", { typed })}</li>}
      </ul>
    </div>
  );
}

/** How good a country's data are, in a word and in bars: never by colour alone. */
export function Flag({ flag }: { flag: OriginEntry["flag"] }): JSX.Element {
  const bars = { measured: 3, partial: 2, poor: 1, none: 0 }[flag];
  return (
    <span class="flag">
      <svg width="16" height="12" viewBox="0 0 16 12" aria-hidden="true">
        {[0, 1, 2].map((i) => <rect key={i} x={i * 5.5} y={8 - i * 4} width="4" height={4 + i * 4} fill={i < bars ? "#14507e" : "none"} stroke={i < bars ? "#14507e" : "#8a929b"} />)}
      </svg>
      {t(`flag.${flag}`)}
    </span>
  );
}
