/** Figures of one's own: a CSV is checked, what it would change is shown, and only then is it accepted. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { address, post } from "../core/api";
import { usePage } from "../core/hooks";
import { asked } from "../core/state";
import { t } from "../core/strings";
import type { AcceptedAnswer, FiguresAnswer, ProblemEntry } from "../core/types";
import { DataTable } from "./DataTable";
import { Dialog } from "./Dialog";
import { Trouble } from "./Waiting";

const MOST = 256 * 1024;
/** The columns of a case's figures.csv, to begin a row of one's own with. */
const COLUMNS = "figure,quantity,place,organisation,role,low,value,high,bound,refers_to,published,basis,definition,family,source,grade,verified,note";

export function Upload({ close }: { close: () => void }): JSX.Element {
  const { state, go, say } = usePage();
  const [text, setText] = useState("");
  const [report, put] = useState<FiguresAnswer | null>(null);
  const [error, fail] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const query = asked(state, ["case", "as_of"]);
  const check = async (body: string) => {
    setBusy(true);
    fail(null);
    put(null);
    await post<FiguresAnswer>(address("figures/check", query), body, "text/csv").then((found) => { put(found); say(found.text); }, fail);
    setBusy(false);
  };
  const read = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MOST) return fail(new Error(t("upload.large")));
    const body = await file.text();
    setText(body);
    await check(body);
  };
  const accept = async (token: string) => {
    setBusy(true);
    await post<AcceptedAnswer>(`figures/accept?token=${encodeURIComponent(token)}`, "", "text/csv").then((made) => { go({ case: made.case }); say(made.text); close(); }, fail);
    setBusy(false);
  };
  return (
    <Dialog title={t("upload.title")} close={close}>
      <p class="muted">{t("upload.sub")}</p>
      <p><label class="button">{t("upload.choose")} <input type="file" accept=".csv,text/csv" class="hidden" onChange={(event) => void read(event.currentTarget.files?.[0])} /></label></p>
      <label class="area">{t("upload.paste")}<textarea rows={6} value={text} spellcheck={false} onInput={(event) => setText(event.currentTarget.value)} /></label>
      <p><button type="button" class="main" disabled={!text.trim() || busy} onClick={() => void check(text)}>{t("upload.check")}</button> <button type="button" class="plain" disabled={Boolean(text.trim())} onClick={() => setText(`${COLUMNS}\n`)}>{t("upload.begin")}</button></p>
      {error && <Trouble error={error} />}
      {report && (
        <section aria-labelledby="report">
          <h3 id="report">{report.text}</h3>
          {report.problems.length > 0 && <Problems rows={report.problems} caption={t("upload.problems", { n: report.problems.length })} />}
          {report.warnings.length > 0 && <Problems rows={report.warnings} caption={t("upload.warnings", { n: report.warnings.length })} />}
          {report.effects.length > 0 && (
            <>
              <h3>{t("upload.effects")}</h3>
              <DataTable caption={t("upload.effects")} table={{ columns: [t("table.place"), t("table.quantity"), t("upload.before"), t("upload.after"), t("upload.used")], numeric: [false, false, false, false, false], rows: report.effects.map((one) => [one.name, one.quantity, one.before, one.after, one.used]) }} />
            </>
          )}
          {report.token && <p><button type="button" class="main" disabled={busy} onClick={() => void accept(report.token!)}>{t("upload.accept")}</button></p>}
        </section>
      )}
    </Dialog>
  );
}

function Problems({ rows, caption }: { rows: ProblemEntry[]; caption: string }): JSX.Element {
  return (
    <>
      <h3>{caption}</h3>
      <DataTable caption={caption} table={{ columns: [t("upload.row"), t("upload.column"), t("upload.found"), t("upload.expected"), t("upload.nearest")], numeric: [true, false, false, false, false], rows: rows.map((one) => [one.row ?? "–", one.column ?? "–", one.found, one.expected, one.nearest ?? ""]) }} />
    </>
  );
}
