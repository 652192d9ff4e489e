/** The as-of date: a slider over prepared vintages. What happened after it stays hidden until asked for. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { day } from "../core/numbers";
import { t } from "../core/strings";
import type { VintageEntry } from "../core/types";

interface Props {
  vintages: VintageEntry[];
  as_of: string;
  onPick: (as_of: string) => void;
}

export function AsOf({ vintages, as_of, onPick }: Props): JSX.Element {
  const id = useId();
  const known = Math.max(0, vintages.findIndex((one) => one.as_of === as_of));
  const [moving, put] = useState<number | null>(null);
  const shown = vintages[moving ?? known];
  const settle = (text: string) => {
    put(null);
    const one = vintages[Number(text)];
    if (one && one.as_of !== as_of) onPick(one.as_of);
  };
  if (vintages.length < 2) {
    return (
      <div class="asof only">
        <span class="label">{t("asof")}</span>
        <span class="date">{day(shown?.as_of ?? as_of)}</span>
      </div>
    );
  }
  return (
    <div class="asof">
      <label for={id}>{t("asof")}</label>
      <output for={id}>{shown ? day(shown.as_of) : ""}</output>
      <input
        id={id} type="range" min="0" max={Math.max(0, vintages.length - 1)} step="1" value={moving ?? known} list={`${id}-ticks`}
        aria-valuetext={shown ? day(shown.as_of) : ""} onInput={(event) => put(Number(event.currentTarget.value))} onChange={(event) => settle(event.currentTarget.value)}
      />
      <datalist id={`${id}-ticks`}>{vintages.map((one, i) => <option key={one.as_of} value={i} />)}</datalist>
    </div>
  );
}
