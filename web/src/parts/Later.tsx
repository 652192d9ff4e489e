/** A part in a file of its own, loaded when it is first opened: what few readers open does not weigh on the first load. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../core/strings";
import { Trouble, Waiting } from "./Waiting";

type Part<P> = (props: P) => JSX.Element;

export function later<P extends object>(load: () => Promise<Part<P>>): Part<P> {
  return function Later(props: P) {
    const [Drawn, put] = useState<Part<P> | null>(null);
    const [error, fail] = useState<Error | null>(null);
    useEffect(() => void load().then((found) => put(() => found), fail), []);
    return Drawn ? <Drawn {...props} /> : error ? <Trouble error={error} /> : <Waiting what={t("opening")} />;
  };
}
