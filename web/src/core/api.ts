/** Talking to the server: one place, relative addresses only, answers kept, and streams that the latest request wins. */
import type { CompareState, ErrorEntry } from "./types";

/** Tells the server which tab asks, so that a newer request of the same tab supersedes an older one that still waits. */
const PAGE = Array.from(crypto.getRandomValues(new Uint8Array(8)), (n) => n.toString(16).padStart(2, "0")).join("");
const HEADERS = { "X-Afterfall-Page": PAGE };
const KEPT = 50;
const answers = new Map<string, Promise<unknown>>();

/** What the server says is wrong, with every problem and the nearest valid names. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly entry: ErrorEntry,
  ) {
    super(entry.message);
  }
}

async function refusal(response: Response): Promise<Refused> {
  const body = (await response.json().catch(() => null)) as { error?: ErrorEntry } | null;
  const entry = body?.error ?? { kind: "failure", message: `${response.status} ${response.statusText}`, problems: [], nearest: [] };
  return new Refused(response.status, entry);
}

async function sent<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(`api/v1/${path}`, { ...init, headers: { ...HEADERS, ...init.headers }, credentials: "omit" });
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

export const address = (route: string, query: URLSearchParams): string => (query.size ? `${route}?${query}` : route);

/** An answer, asked for once: the last fifty are kept. A failure is not. */
export function get<T>(route: string, query = new URLSearchParams()): Promise<T> {
  const path = address(route, query);
  const kept = answers.get(path);
  if (kept) {
    answers.delete(path);
    answers.set(path, kept);
    return kept as Promise<T>;
  }
  const found = sent<T>(path);
  answers.set(path, found);
  found.catch(() => answers.delete(path));
  if (answers.size > KEPT) answers.delete(answers.keys().next().value!);
  return found;
}

/** An answer that is never kept: jobs, and how far work is. */
export const fresh = <T>(route: string): Promise<T> => sent<T>(route);
export const remove = <T>(route: string): Promise<T> => sent<T>(route, { method: "DELETE" });
export const post = <T>(route: string, body: string, type: string): Promise<T> =>
  sent<T>(route, { method: "POST", body, headers: { "Content-Type": type } });

/** The lines of a comparison as they come: steps, and what is being done meanwhile. Ending the signal cancels the work. */
export async function* refined<S>(route: string, query: URLSearchParams, signal: AbortSignal): AsyncGenerator<S | CompareState> {
  const response = await fetch(`api/v1/${address(route, query)}`, { headers: HEADERS, credentials: "omit", signal });
  if (!response.ok) throw await refusal(response);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = done ? "" : lines.pop()!;
    for (const one of lines) if (one.trim()) yield JSON.parse(one) as S | CompareState;
    if (done) return;
  }
}

/**
 * A queue of one: the newest request runs once the one before has shown something, and those between are dropped. With
 * plain aborting, a lever that is dragged shows nothing until it stands still.
 */
export class Latest<T> {
  private running = false;
  private waiting: T | null = null;

  constructor(private readonly run: (one: T, free: () => void) => Promise<void>) {}

  ask(one: T): void {
    if (this.running) this.waiting = one;
    else void this.start(one);
  }

  private async start(one: T): Promise<void> {
    this.running = true;
    let freed = false;
    const free = () => {
      if (freed) return;
      freed = true;
      this.running = false;
      const next = this.waiting;
      this.waiting = null;
      if (next !== null) void this.start(next);
    };
    try {
      await this.run(one, free);
    } finally {
      free();
    }
  }
}
