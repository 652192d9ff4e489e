/** A comparison that refines while one watches: the newest request wins, and what nobody waits for is cancelled. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Latest, refined } from "./api";
import type { CompareState } from "./types";

export interface Live<S> {
  step: S | null;
  /** What the server does while there is no newer picture. */
  doing: CompareState | null;
  error: Error | null;
  /** Whether `step` is of what is asked for now. */
  current: boolean;
  stop: () => void;
}

/** What a route streams for a query, step by step; `null` as a query asks for nothing. */
export function useLive<S extends { kind: string }>(route: string, query: string | null): Live<S> {
  const [live, put] = useState<Omit<Live<S>, "stop">>({ step: null, doing: null, error: null, current: false });
  const work = useRef<AbortController | null>(null);
  const queue = useRef<Latest<string> | null>(null);
  queue.current ??= new Latest<string>(async (wanted, free) => {
    work.current?.abort();
    const own = new AbortController();
    work.current = own;
    const mine = () => work.current === own;
    put((last) => ({ ...last, doing: null, current: false, error: null }));
    try {
      for await (const line of refined<S>(route, new URLSearchParams(wanted), own.signal)) {
        if (!mine()) return;
        if (line.kind !== "state") {
          put({ step: line as S, doing: null, error: null, current: true });
          free();
        } else put((last) => ({ ...last, doing: line as CompareState }));
      }
    } catch (error) {
      if (mine() && !own.signal.aborted) put((last) => ({ ...last, doing: null, error: error as Error }));
    }
  });
  // In the layout phase: an effect would wait until the moved lever has been painted.
  useLayoutEffect(() => {
    if (query !== null) queue.current!.ask(query);
  }, [query]);
  useEffect(() => () => work.current?.abort(), []);
  const stop = () => {
    work.current?.abort();
    put((last) => ({ ...last, doing: { kind: "state", state: "cancelled", done: 0, total: 0, seconds_left: null, text: "" } }));
  };
  return { ...live, stop };
}
