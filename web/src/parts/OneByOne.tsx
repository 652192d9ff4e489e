/**
 * A hypothetical outcome plot: simulations shown one by one over the bands, so that how they vary can be seen. It moves
 * only when asked to; where less motion is preferred, it steps on a button.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../core/strings";

/** Milliseconds that a simulation is shown. */
const SHOWN = 600;

export interface Hop {
  /** The simulation that is shown; null: none. */
  at: number | null;
  of: number;
  playing: boolean;
  play: () => void;
  next: () => void;
  stop: () => void;
  still: boolean;
}

export function useOneByOne(of: number): Hop {
  const [at, put] = useState<number | null>(null);
  const [playing, setPlaying] = useState(false);
  const still = typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;
  const next = () => put((last) => (last === null ? 0 : (last + 1) % of));
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(next, SHOWN);
    return () => clearInterval(timer);
  }, [playing, of]);
  const stop = () => {
    setPlaying(false);
    put(null);
  };
  const play = () => {
    next();
    setPlaying(!still);
  };
  return { at: of ? at : null, of, playing, play, next, stop, still };
}

export function OneByOne({ hop }: { hop: Hop }): JSX.Element | null {
  if (!hop.of) return null;
  const on = hop.at !== null;
  return (
    <div class="hop">
      {!on && <button type="button" onClick={hop.play}>{t("hop.play")}</button>}
      {on && !hop.playing && <button type="button" onClick={hop.next}>{t("hop.next")}</button>}
      {on && <button type="button" onClick={hop.stop}>{t("hop.stop")}</button>}
      {on && <span class="muted small">{t("hop.of", { n: hop.at! + 1, of: hop.of })} · {t("hop.note")}</span>}
    </div>
  );
}
