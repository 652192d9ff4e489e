/** *Why this number?*: the chain behind one number, in the words of `afterfall why`. */
import type { JSX } from "preact";
import { useAnswer, usePage } from "../core/hooks";
import { capital } from "../core/numbers";
import { asked, RUN } from "../core/state";
import { t } from "../core/strings";
import type { WhyAnswer } from "../core/types";
import { Code } from "./Code";
import { Printed } from "./DataTable";
import { Dialog } from "./Dialog";
import { Trouble, Waiting } from "./Waiting";

export function WhyDrawer({ quantity, month, close }: { quantity: string; month?: number | undefined; close: () => void }): JSX.Element {
  const { state, vintage } = usePage();
  const query = asked(state, RUN);
  query.set("quantity", quantity);
  if (month) query.set("at", String(month));
  const { value, error, waiting } = useAnswer<WhyAnswer>("why", query);
  const known = vintage?.quantities.find((one) => one.code === quantity);
  return (
    <Dialog title={t("why.title")} close={close}>
        {known && <p class="muted"><strong>{capital(known.label)}</strong> ({known.unit}): {known.definition}.</p>}
        {!value && waiting && <Waiting what={t("why.waiting")} />}
        {error && <Trouble error={error} />}
        {value && (
          <>
            {value.headline.filter((one) => !known || !one.endsWith(known.definition)).map((one) => <p class="lead" key={one}>{one}</p>)}
            {value.tables.map((one, i) => <Printed table={one} key={i} />)}
            {value.notes.length > 0 && <ul class="notes">{value.notes.map((one) => <li key={one}>{one}</li>)}</ul>}
            <Code code={value.code} />
            <p class="source">{value.stamp.source_line}</p>
          </>
        )}
    </Dialog>
  );
}
