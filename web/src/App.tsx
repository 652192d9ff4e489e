/** The frame around every view: what is asked for above, the view, and where its numbers come from below. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { address, get } from "./core/api";
import { PageContext, useAddress, useAnswer, type Page } from "./core/hooks";
import { day, monthsAfter } from "./core/numbers";
import { asked, COMPARED, isUsers, opening, OPTIONS, RUN, SEARCHED, searched, toAddress, toView, VIEWS, VINTAGE, type State, type ViewName } from "./core/state";
import { language, t } from "./core/strings";
import type { CodeEntry, Meta, VintageAnswer } from "./core/types";
import { AsOf } from "./parts/AsOf";
import { Code } from "./parts/Code";
import { CountryPicker, Flag } from "./parts/CountryPicker";
import { Dialog } from "./parts/Dialog";
import { Given } from "./parts/Given";
import { later } from "./parts/Later";
import { Trouble, Waiting } from "./parts/Waiting";
import { WhyDrawer } from "./parts/WhyDrawer";
import { Brief } from "./views/Brief";
import { Compare } from "./views/Compare";
import { Drivers } from "./views/Drivers";
import { Evidence } from "./views/Evidence";
import { Flows } from "./views/Flows";
import { Outlook } from "./views/Outlook";
import { Track } from "./views/Track";
import { Violence } from "./views/Violence";

const Jobs = later(() => import("./parts/Jobs").then((found) => found.Jobs));
const Upload = later(() => import("./parts/Upload").then((found) => found.Upload));

const DRAWN: Record<ViewName, () => JSX.Element> = {
  outlook: Outlook, flows: Flows, violence: Violence, compare: Compare, drivers: Drivers, track: Track, evidence: Evidence, brief: Brief,
};
const TABS = VIEWS.filter((one) => one !== "brief");
type Open = "" | "code" | "jobs" | "upload" | "given";

export function App(): JSX.Element {
  const [state, go] = useAddress();
  const meta = useAnswer<Meta>("meta", new URLSearchParams());
  if (meta.error) return <main class="alone"><h1>afterfall</h1><Trouble error={meta.error} /></main>;
  if (!meta.value) return <main class="alone"><h1>afterfall</h1><Waiting what={t("opening")} /></main>;
  // The bare address stands for what the server opens with: known before anything is asked for.
  const change = opening(location.hash, meta.value.defaults);
  return <Loaded state={change ? { ...state, ...change } : state} go={go} meta={meta.value} />;
}

function Loaded({ state, go, meta }: Pick<Page, "state" | "go" | "meta">): JSX.Element {
  const vintage = useAnswer<VintageAnswer>("vintage", asked(state, VINTAGE));
  const [why, setWhy] = useState<{ quantity: string; month: number | undefined } | null>(null);
  const [said, say] = useState("");
  const [open, setOpen] = useState<Open>("");
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    const change = opening(location.hash, meta.defaults);
    if (change) go(change, true);
  }, []);
  const first = useRef(true);
  const page = useMemo<Page>(
    () => ({ state, go, meta, vintage: vintage.value, why: (quantity, month) => setWhy({ quantity, month }), say }),
    [state, meta, vintage.value],
  );
  useEffect(() => {
    document.title = `${t(`view.${state.view}`)} · afterfall`;
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
    scrollTo(0, 0);
  }, [state.view]);
  const View = DRAWN[state.view];
  return (
    <PageContext.Provider value={page}>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>{t("skip")}</a>
      <header class="top">
        <div class="bar">
          <a class="brand" href={toAddress(toView(state, "outlook"))} onClick={follow(go, state, "outlook")}><img src="favicon.svg" alt="" width="22" height="22" />afterfall</a>
          <nav aria-label={t("views")}>
            <ul>
              {TABS.map((one) => (
                <li key={one}><a href={toAddress(toView(state, one))} aria-current={state.view === one ? "page" : undefined} onClick={follow(go, state, one)}>{t(`view.${one}`)}</a></li>
              ))}
            </ul>
          </nav>
          <Actions state={state} go={go} open={setOpen} say={say} />
        </div>
        <Context page={page} open={setOpen} />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <h1 class="hidden">{t(`view.${state.view}`)}</h1>
        <Replay page={page} />
        {vintage.error ? <Trouble error={vintage.error} /> : <View key={`${state.view}/${state.case}/${state.as_of}`} />}
      </main>
      <footer>
        <p>{meta.groups_only} {t("borders")}</p>
        <p><a href={language() === "en" ? `?lang=fr-CA${location.hash}` : `./${location.hash}`} lang={language() === "en" ? "fr-CA" : "en"} hreflang={language() === "en" ? "fr-CA" : "en"} onClick={(event) => { event.preventDefault(); location.assign(language() === "en" ? `?lang=fr-CA${location.hash}` : `./${location.hash}`); }}>{t("language.other")}</a></p>
        <p class="muted">afterfall {meta.version}{meta.model_version && ` · ${t("footer.model", { model: meta.model_version })}`} · {t("footer.local")}</p>
      </footer>
      <p class="hidden" role="status" aria-live="polite">{said}</p>
      {why && <WhyDrawer quantity={why.quantity} month={why.month} close={() => setWhy(null)} />}
      {open === "code" && <CodeOf state={state} close={() => setOpen("")} />}
      {open === "jobs" && <Jobs close={() => setOpen("")} />}
      {open === "upload" && <Upload close={() => setOpen("")} />}
      {open === "given" && <Given close={() => setOpen("")} />}
    </PageContext.Provider>
  );
}

const follow = (go: Page["go"], state: State, view: ViewName) => (event: MouseEvent) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(toView(state, view));
};

/** A request for the whole view: a comparison has levers, options, or what a search takes. */
function wholeOf(state: State): URLSearchParams {
  if (state.view === "brief" && state.option.length) return asked(state, [...RUN, "option", "against"]);
  if (state.view !== "compare") return asked(state, RUN);
  if (state.show.way === "mix") return asked(searched(state), SEARCHED);
  return asked(state, state.show.way === "options" ? OPTIONS : COMPARED);
}

interface ActionsProps {
  state: State;
  go: Page["go"];
  open: (which: Open) => void;
  say: (text: string) => void;
}

function Actions({ state, go, open, say }: ActionsProps): JSX.Element {
  const [copied, put] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(location.href);
    put(true);
    say(t("copied"));
    setTimeout(() => put(false), 2000);
  };
  const file = (ending: string) => `api/v1/${address(`export.${ending}`, state.show.way === "mix" ? asked(state, RUN) : wholeOf(state))}`;
  return (
    <div class="actions">
      <button type="button" aria-current={state.view === "brief" ? "page" : undefined} onClick={() => go(toView(state, "brief"))}>{t("view.brief")}</button>
      <details class="menu">
        <summary>{t("export")}</summary>
        <ul>
          {(["csv", "json", "nc"] as const).map((ending) => <li key={ending}><a href={file(ending)} download>{t(`export.${ending}`)}</a></li>)}
          <li><button type="button" onClick={() => open("jobs")}>{t("jobs.title")}</button></li>
          <li><button type="button" onClick={() => open("upload")}>{t("upload.title")}</button></li>
        </ul>
      </details>
      <button type="button" onClick={() => void copy()}>{copied ? t("copied") : t("link")}</button>
      <button type="button" onClick={() => open("code")}>{t("code.title")}</button>
    </div>
  );
}

function Context({ page, open }: { page: Page; open: (which: Open) => void }): JSX.Element {
  const { state, go, meta, vintage } = page;
  const one = meta.cases.find((found) => found.name === (state.case || meta.defaults.case)) ?? meta.cases[0]!;
  const as_of = state.as_of || one.as_of;
  const horizon = state.horizon || one.horizon_months;
  const months = [...new Set([6, 12, 24, 36, 48, 60, 84, 120, horizon])].filter((month) => month <= horizon).sort((a, b) => a - b);
  const at = state.at || horizon;
  const origin = vintage?.origins.find((found) => found.code === state.focus);
  const pick = (name: string) => go({ case: name, as_of: "", at: 0, horizon: 0, focus: "", levers: {}, package: "", against: "", option: [], budget: [], mix: [], outcome: "", given: [], seen: [], unseen: [], assume: {}, show: {} });
  const assumptions = state.given.length + Object.keys(state.assume).length;
  return (
    <div class="context" role="group" aria-label={t("context")}>
      <div class="field">
        <label for="case">{t("case")}</label>
        <select id="case" value={one.name} onChange={(event) => pick(event.currentTarget.value)}>
          {meta.cases.map((found) => <option key={found.name} value={found.name}>{found.title}{found.living ? ` · ${t("case.living")}` : ""}</option>)}
        </select>
      </div>
      <AsOf vintages={one.vintages} as_of={as_of} onPick={(date) => go({ as_of: date, given: [], seen: [], unseen: [], show: {} })} />
      <div class="field">
        <label for="month">{t("month")}</label>
        <select id="month" value={at} onChange={(event) => go({ at: Number(event.currentTarget.value) === horizon ? 0 : Number(event.currentTarget.value) })}>
          {[...new Set([...months, at])].sort((a, b) => a - b).map((month) => <option key={month} value={month}>{t("month.option", { month, date: day(monthsAfter(as_of, month)) })}</option>)}
        </select>
      </div>
      <div class="field focus">
        <CountryPicker origins={vintage?.origins ?? []} focus={state.focus} onPick={(code) => go({ focus: code })} />
        {origin && <span class="flag-line" title={origin.flag_text}><Flag flag={origin.flag} /></span>}
      </div>
      <button type="button" class="assume" onClick={() => open("given")}>{t("given.title")}{assumptions > 0 && <b> ({assumptions})</b>}</button>
    </div>
  );
}

/** What a reader must know about what is shown: seen from an earlier day, or a scenario of the user's own. */
function Replay({ page }: { page: Page }): JSX.Element | null {
  const { state, go, meta } = page;
  const one = meta.cases.find((found) => found.name === (state.case || meta.defaults.case));
  const as_of = state.as_of || one?.as_of || "";
  const vintage = one?.vintages.find((found) => found.as_of === as_of);
  const users = isUsers(state);
  const past = vintage?.outcomes && state.view !== "track";
  if (!users && !past) return null;
  return (
    <div class="banners">
      {past && (
        <p class="banner"><span>{t("replay", { day: day(as_of) })}</span> <a href={toAddress({ ...toView(state, "track") })} onClick={follow(go, state, "track")}>{t("replay.record")}</a></p>
      )}
      {users && (
        <p class="banner own"><strong>{t("stamp.user")}</strong> <span>{[...state.given, ...Object.entries(state.assume).map(([name, value]) => `${name} = ${value}`), ...(state.seen.length ? [t(state.seen.length === 1 ? "replay.seen.one" : "replay.seen", { n: state.seen.length })] : [])].join("; ")}</span>{" "}
          <button type="button" class="plain" onClick={() => go({ given: [], assume: {}, seen: [], unseen: [] })}>{t("replay.clear")}</button></p>
      )}
    </div>
  );
}

/** The command and the Python for exactly this view; a comparison's is known before it has run. */
function CodeOf({ state, close }: { state: State; close: () => void }): JSX.Element {
  const [code, put] = useState<CodeEntry | null>(null);
  const [error, fail] = useState<Error | null>(null);
  useEffect(() => {
    const query = wholeOf(state);
    query.set("view", state.view === "brief" ? "brief" : state.view);
    get<{ code: CodeEntry }>("code", query).then((found) => put(found.code), fail);
  }, []);
  return (
    <Dialog title={t("code.title")} close={close}>
      <p class="muted">{t("code.sub")}</p>
      {error && <Trouble error={error} />}
      {code ? <Code code={code} /> : !error && <Waiting what={t("opening")} />}
    </Dialog>
  );
}
