/** A card that is open on a wide screen and folded on a phone: what is looked up rather than read. */
import type { ComponentChildren, JSX } from "preact";
import { useNarrow } from "../core/hooks";

export function Fold({ title, className = "", children }: { title: string; className?: string; children: ComponentChildren }): JSX.Element {
  const narrow = useNarrow();
  return (
    <details class={`card fold ${className}`} open={!narrow}>
      <summary><h2>{title}</h2></summary>
      {children}
    </details>
  );
}
