/** Countries found as people type them: by name, by the usual other names, by code, and with a slip of the finger. */

export interface Place {
  code: string;
  name: string;
  aliases?: string[];
}

/** Lower case, without accents, hyphens or points. */
export function folded(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9 ]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** How many letters must be put in, taken out, changed or swapped to turn one text into the other. */
export function slips(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const now = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, now[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1);
      now.push(best);
    }
    before = last;
    last = now;
  }
  return last[b.length]!;
}

/** How well a place answers what was typed: the lower the better, null where not at all. */
function fit(typed: string, place: Place): number | null {
  if (folded(place.code) === typed) return 0;
  let best: number | null = null;
  for (const [i, name] of [place.name, ...(place.aliases ?? [])].entries()) {
    const word = folded(name);
    const later = i ? 0.5 : 0;
    let found: number | null = null;
    if (word === typed) found = 0;
    else if (word.startsWith(typed)) found = 1 + later;
    else if (word.split(" ").some((part) => part.startsWith(typed))) found = 2 + later;
    else if (typed.length > 3) {
      const distance = slips(typed, word.slice(0, Math.max(typed.length, 4)));
      const whole = slips(typed, word);
      const least = Math.min(distance + 0.5, whole);
      if (least <= (typed.length > 6 ? 2.5 : 1.5)) found = 3 + least + later;
    }
    if (found !== null && (best === null || found < best)) best = found;
  }
  return best;
}

/** Places that answer what was typed, the best first; all of them, in their own order, where nothing was. */
export function findPlaces<P extends Place>(typed: string, places: P[], most = 400): P[] {
  const wanted = folded(typed);
  if (!wanted) return places.slice(0, most);
  return places
    .map((place) => ({ place, at: fit(wanted, place) }))
    .filter((one): one is { place: P; at: number } => one.at !== null)
    .sort((a, b) => a.at - b.at)
    .slice(0, most)
    .map((one) => one.place);
}
