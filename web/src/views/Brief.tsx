/** The brief: two pages on one country, made by the server, to be printed or sent. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { usePage } from "../core/hooks";
import { asked, RUN } from "../core/state";
import { t } from "../core/strings";
import { Waiting } from "../parts/Waiting";
import { address } from "../core/api";

/** A frame as high as what it shows, so that there is one scroll bar. */
function whole(frame: HTMLIFrameElement): void {
  const inside = frame.contentDocument?.documentElement;
  if (inside) frame.style.height = `${Math.max(600, inside.scrollHeight + 4)}px`;
}

export function Brief(): JSX.Element {
  const { state, vintage, go } = usePage();
  const [ready, put] = useState("");
  const name = vintage?.origins.find((one) => one.code === state.focus)?.name;
  const print = () => (document.getElementById("brief") as HTMLIFrameElement | null)?.contentWindow?.print();
  useEffect(() => {
    // The browser's own print command would print the frame within the page, over many sheets.
    const pressed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "p" || !document.getElementById("brief")) return;
      event.preventDefault();
      print();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  if (!state.focus) return <section class="card brief-ask"><h2>{t("brief.title")}</h2><p>{t("brief.pick")}</p></section>;
  const link = (format: string) => {
    const query = asked(state, state.option.length ? [...RUN, "option", "against"] : RUN);
    query.set("form", format);
    return `api/v1/${address("brief", query)}`;
  };
  return (
    <div class="view brief">
      <section class="card wide" aria-labelledby="brief-title">
        <header>
          <div class="heads"><h2 id="brief-title">{t("brief.of", { name: name ?? state.focus })}</h2><p class="sub">{t("brief.sub")} {state.option.length > 0 && <>{t("brief.options", { n: state.option.length })} <button type="button" class="plain" onClick={() => go({ option: [] })}>{t("brief.without")}</button></>}</p></div>
          <div class="tools">
            <button type="button" class="main" onClick={print}>{t("brief.print")}</button>
            <a class="button" href={link("html")} target="_blank" rel="noopener">{t("brief.open")}</a>
            <a class="button" href={link("md")} download>Markdown</a>
            <a class="button" href={link("json")} download>JSON</a>
          </div>
        </header>
        {ready !== link("html") && <Waiting what={t("brief.waiting")} />}
        <iframe id="brief" title={t("brief.of", { name: name ?? state.focus })} src={link("html")} onLoad={(event) => { whole(event.currentTarget); put(link("html")); }} />
      </section>
    </div>
  );
}
