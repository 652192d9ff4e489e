/** Every word the page itself says, by key. Sentences about numbers come from the server, made in one place. */
import en from "../strings.en.json";

export type Key = keyof typeof en;
type Values = Record<string, string | number>;

let words: Record<string, string> = en;
let tongue = "en";

/** Use another language; keys that it lacks stay English. */
export function speak(language: string, strings: Record<string, string>): void {
  words = { ...en, ...strings };
  tongue = language;
}

export const language = (): string => tongue;

/** The words of a key, `{name}` replaced by values. */
export function t(key: Key, values: Values = {}): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? `{${name}}`));
}
