/** How far a comparison is: simulations made so far, what is done meanwhile, and a button that stops it. */
import type { JSX } from "preact";
import { usePage } from "../core/hooks";
import type { Live } from "../core/live";
import { two } from "../core/numbers";
import { t } from "../core/strings";
import type { CompareState } from "../core/types";

interface Step {
  simulations: number;
  final: boolean;
  milliseconds: number;
}

export function Refining({ live, most = Infinity, parts = false }: { live: Live<Step & { kind: string }>; most?: number; parts?: boolean }): JSX.Element {
  const { meta } = usePage();
  const { step, doing } = live;
  const last = step?.final && live.current ? step.simulations : Math.min(most, Math.max(...meta.steps));
  const steps = [...meta.steps.filter((one) => one < last), last];
  const done = step && live.current ? step.simulations : 0;
  const final = Boolean(step?.final && live.current);
  const ended = doing?.state === "cancelled" || doing?.state === "failed";
  const busy = !final && !ended && !live.error;
  const part = parts && doing && doing.state === "simulating" && doing.total > 1 ? ` ${t("doing.part", { done: doing.done, total: doing.total })}` : "";
  const words = () => {
    if (doing?.state === "failed") return `${t("doing.failed")} ${doing.text}`;
    if (doing?.state === "cancelled") return t("compare.stopped");
    if (final) return t("compare.final", { n: done.toLocaleString("en-GB") });
    if (done) return t("compare.preview", { n: done.toLocaleString("en-GB") }) + part;
    return doing ? (doing.text || t(`doing.${doing.state}`)) + part : t("compare.first");
  };
  return (
    <div class="refining" role="group" aria-label={t("compare.refining")}>
      <ol aria-hidden="true">
        {steps.map((one) => <li key={one} class={done >= one ? "done" : busy && steps.find((s) => s > done) === one ? "next" : ""}>{one.toLocaleString("en-GB")}</li>)}
      </ol>
      <p>
        {words()}
        {step && live.current && <span class="muted"> · {t("compare.time", { seconds: two(step.milliseconds / 1000) })}</span>}
      </p>
      {busy && !parts && doing?.state === "simulating" && doing.total > 0 && <NextStep doing={doing} held={done >= last} />}
      {busy && <button type="button" class="plain" onClick={live.stop}>{t("compare.stop")}</button>}
    </div>
  );
}

/** How far a step is that takes longer than a second, and how long it will still take; `held` once all pairs are there. */
function NextStep({ doing, held }: { doing: CompareState; held: boolean }): JSX.Element {
  const { done, total, seconds_left: left } = doing;
  const numbers = { done: done.toLocaleString("en-GB"), total: total.toLocaleString("en-GB") };
  const words = t(done >= total ? "doing.sums" : held ? "doing.held" : "doing.step", numbers);
  const wait = !left ? "" : left < 90 ? t("doing.left.seconds", { n: Math.ceil(left / 5) * 5 }) : t("doing.left.minutes", { n: Math.round(left / 60) });
  return (
    <p class="next-step">
      <progress max={total} value={done} aria-label={t("doing.step.label")} />
      <span class="muted">{words} {wait}</span>
    </p>
  );
}
