/** What is shown while an answer is on its way, and where it does not come. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { fresh, Refused } from "../core/api";
import { t } from "../core/strings";

interface Work {
  state: string;
  stage: string;
  done: number;
  total: number;
  text: string;
}

/** How far the server is with what this page asked for, asked again every half second. */
export function Waiting({ what }: { what: string }): JSX.Element {
  const [work, put] = useState<Work | null>(null);
  useEffect(() => {
    const timer = setInterval(() => void fresh<Work>("work").then(put, () => {}), 500);
    return () => clearInterval(timer);
  }, []);
  const known = work && work.total > 0;
  return (
    <div class="waiting" role="status">
      <p>{what}</p>
      {work?.text && <p class="muted">{work.text}</p>}
      <progress {...(known ? { max: work.total, value: work.done } : {})} aria-label={what} />
    </div>
  );
}

export function Trouble({ error }: { error: Error }): JSX.Element {
  const entry = error instanceof Refused ? error.entry : null;
  return (
    <div class="trouble" role="alert">
      <p><strong>{t("trouble")}</strong> {error.message}</p>
      {entry && entry.problems.length > 0 && <ul>{entry.problems.map((one) => <li key={one}>{one}</li>)}</ul>}
      {entry && entry.nearest.length > 0 && <p>{t("trouble.nearest", { names: entry.nearest.join(", ") })}</p>}
    </div>
  );
}
