/** A key judgement: likelihood with its range in the sentence; confidence apart; what would change it. */
import type { JSX } from "preact";
import { usePage } from "../core/hooks";
import { t } from "../core/strings";
import type { JudgementEntry } from "../core/types";
import { TwentyDots } from "./Dots";

export function Judgement({ one, number }: { one: JudgementEntry; number: number }): JSX.Element {
  const { why } = usePage();
  return (
    <li class="judgement">
      <span class="rank" aria-hidden="true">{number}</span>
      <div>
        <p class="sentence">{one.text}</p>
        <div class="chance">
          <TwentyDots p={one.probability} />
          {one.range_text && <span class="muted">{one.range_text}</span>}
        </div>
        <details class="confidence">
          <summary><span class={`pill ${one.confidence}`}>{t("judgement.confidence", { level: t(`confidence.${one.confidence}`) })}</span> <span class="link">{t("judgement.rests")}</span></summary>
          <p>{one.confidence_text}</p>
          {one.moves_if && <p>{one.moves_if}</p>}
        </details>
      </div>
      <button type="button" class="why" onClick={() => why(one.quantity, one.month)} aria-label={t("why.about", { what: one.event || one.text })}>{t("why.short")}</button>
    </li>
  );
}
