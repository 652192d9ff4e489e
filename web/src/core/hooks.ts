/** Hooks: answers of the server, the width of a box, the address, and what is read out once it has settled. */
import { createContext } from "preact";
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { address, get } from "./api";
import type { Meta, VintageAnswer } from "./types";
import { fromAddress, toAddress, type State } from "./state";

export interface Answered<T> {
  value: T | null;
  error: Error | null;
  /** Whether a newer answer is on its way; `value` is then the one before. */
  waiting: boolean;
}

/** An answer of the server; while the next one is on its way, the last stays. `null` as a route asks for nothing. */
export function useAnswer<T>(route: string | null, query: URLSearchParams): Answered<T> {
  const [found, put] = useState<Answered<T>>({ value: null, error: null, waiting: true });
  const path = route === null ? null : address(route, query);
  useEffect(() => {
    if (path === null || route === null) return;
    let current = true;
    put((last) => ({ ...last, waiting: true }));
    get<T>(route, query).then(
      (value) => current && put({ value, error: null, waiting: false }),
      (error: Error) => current && put({ value: null, error, waiting: false }),
    );
    return () => {
      current = false;
    };
  }, [path]);
  return found;
}

/** The width of a box in whole pixels, followed as it changes. */
export function useWidth<E extends HTMLElement>(start = 720) {
  const box = useRef<E>(null);
  const [width, put] = useState(start);
  useLayoutEffect(() => {
    const one = box.current;
    if (!one) return;
    const measure = () => one.clientWidth > 0 && put(Math.floor(one.clientWidth));
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(one);
    return () => watcher.disconnect();
  }, []);
  return [box, width] as const;
}

const NARROW = "(max-width: 640px)";

/** Whether the screen is that of a phone. */
export function useNarrow(): boolean {
  const [narrow, put] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const follow = () => put(media.matches);
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, []);
  return narrow;
}

/** The state in the address. `go` changes it: as a new entry of the history, or in place while something is dragged. */
export function useAddress(): [State, (change: Partial<State>, inPlace?: boolean) => void] {
  const [state, put] = useState(() => fromAddress(location.hash));
  const now = useRef(state);
  now.current = state;
  useEffect(() => {
    const read = () => put(fromAddress(location.hash));
    addEventListener("popstate", read);
    addEventListener("hashchange", read);
    return () => {
      removeEventListener("popstate", read);
      removeEventListener("hashchange", read);
    };
  }, []);
  const go = (change: Partial<State>, inPlace = false) => {
    const next = { ...now.current, ...change };
    now.current = next;
    history[inPlace ? "replaceState" : "pushState"](null, "", toAddress(next));
    put(next);
  };
  return [state, go];
}

export interface Page {
  state: State;
  go: (change: Partial<State>, inPlace?: boolean) => void;
  meta: Meta;
  vintage: VintageAnswer | null;
  /** Opens *Why this number?* on a quantity. */
  why: (quantity: string, month?: number) => void;
  /** Read out politely, once. */
  say: (text: string) => void;
}

export const PageContext = createContext<Page>(null as unknown as Page);
export const usePage = (): Page => useContext(PageContext);

/** A setting of the view itself, kept in the address. */
export function useShow(key: string, otherwise: string): [string, (value: string, inPlace?: boolean) => void] {
  const { state, go } = usePage();
  const put = (value: string, inPlace = true) => {
    const show = { ...state.show, [key]: value === otherwise ? "" : value };
    go({ show: Object.fromEntries(Object.entries(show).filter(([, one]) => one)) }, inPlace);
  };
  return [state.show[key] ?? otherwise, put];
}
