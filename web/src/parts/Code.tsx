/** The command and the Python for exactly what is shown. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { usePage } from "../core/hooks";
import { t } from "../core/strings";
import type { CodeEntry } from "../core/types";

function Line({ name, text }: { name: string; text: string }): JSX.Element {
  const { say } = usePage();
  const [done, put] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    put(true);
    say(t("copied"));
    setTimeout(() => put(false), 2000);
  };
  return (
    <div class="code">
      <div class="bar">
        <span class="muted">{name}</span>
        <button type="button" onClick={() => void copy()}>{done ? t("copied") : t("copy")}</button>
      </div>
      <pre tabIndex={0} role="group" aria-label={name}><code>{text}</code></pre>
    </div>
  );
}

export function Code({ code }: { code: CodeEntry }): JSX.Element {
  return (
    <div class="codes">
      <Line name={t("code.command")} text={code.command} />
      <Line name="Python" text={code.python} />
    </div>
  );
}
