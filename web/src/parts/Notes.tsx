/** Notes of an answer: how its numbers are counted. */
import type { JSX } from "preact";
import { t } from "../core/strings";

export function Notes({ notes }: { notes: string[] }): JSX.Element | null {
  if (!notes.length) return null;
  return (
    <details class="wide notes-of" open>
      <summary>{t("notes")}</summary>
      <ul>{notes.map((one) => <li key={one}>{one}</li>)}</ul>
    </details>
  );
}
