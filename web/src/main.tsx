/** Starts the page. */
import { render } from "preact";
import { App } from "./App";
import { speak } from "./core/strings";
import french from "./strings.fr-CA.json";
import "./page.css";

if (new URLSearchParams(location.search).get("lang") === "fr-CA") {
  speak("fr-CA", french);
  document.documentElement.lang = "fr-CA";
}
render(<App />, document.getElementById("app")!);
