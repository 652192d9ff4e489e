/** Starts the page. */
import { render } from "preact";
import { App } from "./App";
import { speak } from "./core/strings";
import "./page.css";

/** Other languages are files of their own; where one cannot be had, the page is English. */
async function start(): Promise<void> {
  const wanted = new URLSearchParams(location.search).get("lang");
  if (wanted === "fr-CA") {
    const found = await fetch(`strings.${wanted}.json`).then((answer) => (answer.ok ? (answer.json() as Promise<Record<string, string>>) : null)).catch(() => null);
    if (found) {
      speak(wanted, found);
      document.documentElement.lang = wanted;
    }
  }
  render(<App />, document.getElementById("app")!);
}

void start();
