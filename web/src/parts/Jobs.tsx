/** Long work: started here, followed by its progress, ended at will; a run folder at the end. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { fresh, post, remove } from "../core/api";
import { usePage } from "../core/hooks";
import { t } from "../core/strings";
import type { JobAnswer, JobList } from "../core/types";
import { Dialog } from "./Dialog";
import { Trouble } from "./Waiting";

const SECOND = 1000;
const busy = (job: JobAnswer): boolean => job.state === "queued" || job.state === "running";

export function Jobs({ close }: { close: () => void }): JSX.Element {
  const { state, meta, say } = usePage();
  const [jobs, put] = useState<JobAnswer[]>([]);
  const [error, fail] = useState<Error | null>(null);
  const [kind, setKind] = useState<"forecast" | "compare" | "fit">("forecast");
  const [simulations, setSimulations] = useState(10_000);
  const load = () => fresh<JobList>("jobs").then((found) => put(found.jobs), fail);
  useEffect(() => {
    void load();
    const timer = setInterval(() => void load(), SECOND);
    return () => clearInterval(timer);
  }, []);
  const start = async (event: Event) => {
    event.preventDefault();
    fail(null);
    const body = {
      kind, case: state.case || meta.defaults.case, as_of: state.as_of || null, horizon: state.horizon || meta.defaults.horizon, simulations, focus: state.focus || null,
      given: kind === "forecast" ? state.given : [], levers: kind === "compare" ? Object.entries(state.levers).map(([name, value]) => `${name}=${value}`) : [],
      package: kind === "compare" ? state.package || null : null, against: kind === "compare" ? state.against || null : null,
    };
    await post<JobAnswer>("jobs", JSON.stringify(body), "application/json").then((job) => say(t("jobs.started", { job: job.job })), fail);
    void load();
  };
  const stop = (job: string) => void remove<JobAnswer>(`jobs/${encodeURIComponent(job)}`).then(load, fail);
  return (
    <Dialog title={t("jobs.title")} close={close}>
      <p class="muted">{t("jobs.sub")}</p>
      <form class="controls" onSubmit={(event) => void start(event)}>
        <label>{t("jobs.kind")}{" "}
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value as "forecast")}>
            {(["forecast", "compare", "fit"] as const).map((one) => <option key={one} value={one}>{t(`jobs.${one}`)}</option>)}
          </select>
        </label>
        {kind !== "fit" && (
          <label>{t("jobs.simulations")}{" "}
            <select value={simulations} onChange={(event) => setSimulations(Number(event.currentTarget.value))}>
              {[1000, 2000, 5000, 10_000].map((one) => <option key={one} value={one}>{one.toLocaleString("en-GB")}</option>)}
            </select>
          </label>
        )}
        <button type="submit" class="main">{t("jobs.start")}</button>
      </form>
      {error && <Trouble error={error} />}
      {jobs.length === 0 && <p class="muted">{t("jobs.none")}</p>}
      <ul class="jobs">
        {jobs.map((one) => (
          <li key={one.job}>
            <p><b>{t(`jobs.${one.kind}` as "jobs.fit")}</b> <span class={`pill ${one.state}`}>{t(`jobs.state.${one.state}`)}</span> {one.eta_s != null && busy(one) && <span class="muted">{t("jobs.left", { seconds: Math.ceil(one.eta_s) })}</span>}</p>
            {busy(one) && <progress max={one.total || 1} value={one.done} aria-label={one.stage} />}
            <p class="muted">{one.message || one.stage} {one.total > 0 && busy(one) && `${one.done.toLocaleString("en-GB")} / ${one.total.toLocaleString("en-GB")}`}</p>
            {one.folder && <p>{t("jobs.folder")} <code>{one.folder}</code></p>}
            <pre tabIndex={0} role="group" aria-label={t("code.command")}><code>{one.command}</code></pre>
            {busy(one) && <button type="button" onClick={() => stop(one.job)}>{t("jobs.cancel")}</button>}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
