/** A table: of a figure, or as the command line prints it. */
import type { ComponentChildren, JSX } from "preact";
import type { Table } from "../core/saving";
import type { TableEntry } from "../core/types";

export function DataTable({ table, caption }: { table: Table; caption: string }): JSX.Element {
  const numeric = (i: number) => table.numeric?.[i] ?? i > 0;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>{table.columns.map((one, i) => <th scope="col" class={numeric(i) ? "number" : ""} key={one}>{one}</th>)}</tr>
        </thead>
        <tbody>
          {table.rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) =>
                j ? <td class={numeric(j) ? "number" : ""} key={j}>{cell}</td> : <th scope="row" key={j}>{cell}</th>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface PrintedProps {
  table: TableEntry;
  /** Put after the last cell of a row. */
  action?: (row: string[]) => ComponentChildren;
  hideTitle?: boolean;
}

/** A table of the command line, its sections kept apart by rules. */
export function Printed({ table, action, hideTitle }: PrintedProps): JSX.Element {
  return (
    <div class="printed">
      {!hideTitle && table.title && <h3>{table.title}</h3>}
      <div class="scroll" tabIndex={0} role="group" aria-label={table.title || table.headings.join(", ")}>
        <table>
          <thead>
            <tr>
              {table.headings.map((one, i) => <th scope="col" class={table.numeric[i] ? "number" : ""} key={i}>{one}</th>)}
              {action && <th><span class="hidden">…</span></th>}
            </tr>
          </thead>
          {table.sections.map((rows, i) => (
            <tbody key={i}>
              {rows.map((row, j) => (
                <tr key={j}>
                  {row.map((cell, k) => (k ? <td class={table.numeric[k] ? "number" : ""} key={k}>{cell}</td> : <th scope="row" key={k}>{cell}</th>))}
                  {action && <td>{action(row)}</td>}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
      {table.note && <p class="note">{table.note}</p>}
    </div>
  );
}
