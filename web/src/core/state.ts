/**
 * Everything that decides what is on the screen, and its form in the address: a link restores the whole view.
 *
 * The names are those of the server's requests, so that an address reads like the request it leads to.
 */

export const VIEWS = ["outlook", "flows", "violence", "compare", "drivers", "track", "evidence", "brief"] as const;
export type ViewName = (typeof VIEWS)[number];

export interface State {
  view: ViewName;
  /** Name of a case; empty: the server's own first choice. */
  case: string;
  /** As-of date of a prepared vintage; empty: the case's own. */
  as_of: string;
  /** Months of the forecast; 0: the case's own. */
  horizon: number;
  /** Month shown, counted from the as-of date; 0: the last. */
  at: number;
  /** Code of a country, or empty for the world. */
  focus: string;
  /** Levers of side B: name (or name@place) to intensity. */
  levers: Record<string, number>;
  /** Packages of levers: of side B, and of side A. */
  package: string;
  against: string;
  /** Several options to be compared with A, each as `NAME: SETTING SETTING ...`. */
  option: string[];
  /** A search for the best mix: budgets as `NAME=AMOUNT`, levers that may change, and what is judged. */
  budget: string[];
  mix: string[];
  outcome: string;
  /** Dated events taken as given: a run of its own. */
  given: string[];
  /** Simulated events ticked as seen or as not seen: a filter over the run. */
  seen: string[];
  unseen: string[];
  /** Parameters held at one value. */
  assume: Record<string, number>;
  /** Scale of the words of likelihood; empty: ICD 203. */
  words: string;
  /** What a view itself remembers: which tab, which quantity, whether the outcome is shown. */
  show: Record<string, string>;
}

export const START: State = {
  view: "outlook", case: "", as_of: "", horizon: 0, at: 0, focus: "", levers: {}, package: "", against: "", option: [], budget: [], mix: [], outcome: "",
  given: [], seen: [], unseen: [], assume: {}, words: "", show: {},
};

const WHOLE = ["horizon", "at"] as const;
const TEXT = ["package", "against", "words", "outcome"] as const;
const LISTS = ["given", "seen", "unseen", "option", "budget", "mix"] as const;
/** The keys of a request that the server knows. */
export type Part = "case" | "as_of" | "focus" | (typeof WHOLE)[number] | (typeof TEXT)[number] | (typeof LISTS)[number] | "lever" | "assume";
export const RUN: readonly Part[] = ["case", "as_of", "horizon", "focus", "at", "words", "given", "seen", "unseen", "assume"];
export const COMPARED: readonly Part[] = ["case", "as_of", "horizon", "focus", "at", "words", "lever", "package", "against", "assume"];
export const OPTIONS: readonly Part[] = ["case", "as_of", "horizon", "focus", "at", "words", "option", "against", "assume"];
export const SEARCHED: readonly Part[] = ["case", "as_of", "horizon", "focus", "at", "budget", "mix", "outcome", "against"];
export const VINTAGE: readonly Part[] = ["case", "as_of", "focus"];

function numbers(parts: readonly string[], low = -Infinity, high = Infinity): Record<string, number> {
  const found: Record<string, number> = {};
  for (const part of parts) {
    const cut = part.lastIndexOf("=");
    const [name, text] = [part.slice(0, cut), part.slice(cut + 1)];
    if (cut > 0 && text !== "" && Number.isFinite(Number(text))) found[name] = Math.min(high, Math.max(low, Number(text)));
  }
  return found;
}

const set = (levers: Record<string, number>): string[] =>
  Object.keys(levers).sort().map((name) => `${name}=${Math.round(levers[name]! * 1000) / 1000}`);

/** The state that an address (its part after `#`) stands for. What it does not know is left out, never an error. */
export function fromAddress(hash: string): State {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?");
  const asked = new URLSearchParams(query);
  const whole = (name: string) => {
    const value = Number(asked.get(name) ?? 0);
    return Number.isInteger(value) && value > 0 && value <= 120 ? value : 0;
  };
  const matching = (name: string, pattern: RegExp) => (pattern.test(asked.get(name) ?? "") ? asked.get(name)! : "");
  const show: Record<string, string> = {};
  for (const [key, value] of asked) if (key.startsWith("v.")) show[key.slice(2)] = value;
  return {
    view: VIEWS.find((name) => name === path) ?? "outlook",
    case: asked.get("case") ?? "",
    as_of: matching("as_of", /^\d{4}-\d{2}-\d{2}$/),
    horizon: whole("horizon"),
    at: whole("at"),
    focus: matching("focus", /^(?!WLD$)[A-Za-z][\w-]{0,79}$/),
    levers: numbers(asked.getAll("lever"), 0, 1),
    package: asked.get("package") ?? "",
    against: asked.get("against") ?? "",
    given: asked.getAll("given").filter(Boolean),
    option: asked.getAll("option").filter(Boolean),
    budget: asked.getAll("budget").filter((one) => /^[\w.:-]{1,60}=\d{1,12}(\.\d{1,6})?$/.test(one)),
    mix: asked.getAll("mix").filter((one) => /^[a-z][\w-]{0,60}$/.test(one)),
    outcome: matching("outcome", /^[a-z][\w.]{0,60}$/),
    seen: asked.getAll("seen").filter(Boolean),
    unseen: asked.getAll("unseen").filter(Boolean),
    assume: numbers(asked.getAll("assume")),
    words: matching("words", /^(icd203|phia|ipcc)$/),
    show,
  };
}

/** The part of a state that a request takes; what is not set is left out. */
export function asked(state: State, parts: readonly Part[]): URLSearchParams {
  const query = new URLSearchParams();
  for (const part of parts) {
    if (part === "lever") for (const one of set(state.levers)) query.append("lever", one);
    else if (part === "assume") for (const one of set(state.assume)) query.append("assume", one);
    else {
      const value = state[part];
      if (Array.isArray(value)) for (const one of value) query.append(part, one);
      else if (value) query.set(part, String(value));
    }
  }
  return query;
}

/** The state that the bare address stands for: what the server opens with. */
export function opening(hash: string, defaults: { focus: string }): Partial<State> | null {
  return hash.includes("?") ? null : { focus: defaults.focus === "WLD" ? "" : defaults.focus };
}

const ALL: readonly Part[] = ["case", "as_of", "horizon", "at", "focus", ...TEXT, "lever", ...LISTS, "assume"];

/** The address of a state; defaults are left out, so that the plain page has the plain address. */
export function toAddress(state: State): string {
  const query = asked(state, ALL);
  for (const key of Object.keys(state.show).sort()) if (state.show[key]) query.set(`v.${key}`, state.show[key]!);
  const text = query.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%40", "@").replace(/(?<==[\w.@:-]+)%3D/g, "=");
  return `#/${state.view}${text ? `?${text}` : ""}`;
}

/** A search as the program begins it: where no lever is named these, judged by this. */
const USUAL: readonly string[] = ["border", "monitoring", "programmes"];
export const searched = (state: State): State => ({ ...state, mix: state.mix.length ? state.mix : [...USUAL], outcome: state.outcome || "undetected" });

/** Another view of the same case, date and place; what only the old view remembered is dropped. */
export function toView(state: State, view: ViewName): State {
  return { ...state, view, show: {} };
}

/** Whether what is shown is the user's own scenario rather than the published forecast. */
export function isUsers(state: State): boolean {
  return Boolean(state.given.length || state.seen.length || state.unseen.length || Object.keys(state.assume).length);
}
