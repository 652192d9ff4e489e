/** A dialog of the page: titled, closed by its button, by Escape, and by a click outside. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../core/strings";

export function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog class="drawer" ref={box} onClose={close} onClick={(event) => event.target === box.current && box.current?.close()} aria-labelledby={id}>
      <div class="inside">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" onClick={() => box.current?.close()}>{t("close")}</button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
