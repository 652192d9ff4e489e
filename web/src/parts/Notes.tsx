/** Notes of an answer: how its numbers are counted. */
import type { JSX } from "preact";
import { useNarrow } from "../core/hooks";
import { t } from "../core/strings";

export function Notes({ notes }: { notes: string[] }): JSX.Element | null {
  const narrow = useNarrow();
  if (!notes.length) return null;
  return (
    <details class="wide notes-of" open={!narrow}>
      <summary>{t("notes")}</summary>
      <ul>{notes.map((one) => <li key={one}>{one}</li>)}</ul>
    </details>
  );
}
