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
const SHORT = "quantity,place,value,refers_to";
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
      <OneFigure add={(row) => setText((last) => `${last.trim() ? last.trimEnd() : SHORT}\n${row}\n`)} fits={!text.trim() || text.startsWith(SHORT)} />
      <label class="area">{t("upload.paste")}<textarea rows={6} value={text} spellcheck={false} onInput={(event) => setText(event.currentTarget.value)} /></label>
      <p><button type="button" class="main" disabled={!text.trim() || busy} onClick={() => void check(text)}>{t("upload.check")}</button> <button type="button" class="plain" disabled={Boolean(text.trim())} onClick={() => setText(`${COLUMNS}\n`)}>{t("upload.begin")}</button></p>
      {error && <Trouble error={error} />}
      {report && (
        <section aria-labelledby="report">
          <h3 id="report">{report.text}</h3>
          {report.problems.length > 0 && <Problems rows={report.problems} caption={t("upload.problems")} />}
          {report.warnings.length > 0 && <Problems rows={report.warnings} caption={t("upload.warnings")} />}
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

/** One figure as a row: what, where, how many, when. */
function OneFigure({ add, fits }: { add: (row: string) => void; fits: boolean }): JSX.Element {
  const { state, vintage } = usePage();
  const [quantity, setQuantity] = useState("returned");
  const [place, setPlace] = useState(state.focus);
  const [value, setValue] = useState("");
  const [month, setMonth] = useState("");
  const origins = vintage?.origins ?? [];
  const at = place || (origins[0]?.code ?? "");
  const ready = fits && value !== "" && /^\d{4}(-\d{2}){0,2}$/.test(month);
  return (
    <fieldset class="one-figure">
      <legend>{t("upload.one")}</legend>
      <div class="controls">
        <label>{t("table.quantity")}{" "}<select value={quantity} onChange={(event) => setQuantity(event.currentTarget.value)}>{(vintage?.quantities ?? []).map((one) => <option key={one.code} value={one.code}>{one.label}</option>)}</select></label>
        <label>{t("focus")}{" "}<select value={at} onChange={(event) => setPlace(event.currentTarget.value)}>{origins.map((one) => <option key={one.code} value={one.code}>{one.name}</option>)}</select></label>
        <label>{t("evidence.value")}{" "}<input type="number" min="0" step="1" size={8} value={value} onInput={(event) => setValue(event.currentTarget.value)} /></label>
        <label>{t("upload.date")}{" "}<input type="text" size={11} placeholder="2015-05" value={month} onInput={(event) => setMonth(event.currentTarget.value.trim())} /></label>
        <button type="button" disabled={!ready} onClick={() => { add(`${quantity},${at},${value},${month}`); setValue(""); }}>{t("upload.add")}</button>
      </div>
    </fieldset>
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
