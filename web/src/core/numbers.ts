/** Numbers as people read them: the rules of `report/kit/number_formats.py`, for axes, tables and tooltips. */

import { t } from "./strings";

const NOTHING = "–";
/** Published counts below this are withheld. */
export const SMALL_CELL = 5;

/** Two significant figures with thousands separators. */
export function two(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return NOTHING;
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(2));
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(rounded))));
  const [whole, part] = Math.abs(rounded).toFixed(decimals).split(".") as [string, string?];
  const tail = part?.replace(/0+$/, "");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (tail ? `.${tail}` : "");
  return rounded < 0 ? `−${text}` : text;
}

/** A difference with its sign. */
export function signed(value: number): string {
  if (Math.abs(value) < 0.005) return "0";
  return value > 0 ? `+${two(value)}` : two(value);
}

/** A range: an en dash between, "to" where a bound is negative. */
export function range(low: number | null | undefined, high: number | null | undefined): string {
  if (low == null || high == null || !Number.isFinite(low) || !Number.isFinite(high)) return NOTHING;
  const [a, b] = [two(low), two(high)];
  if (a === b) return a;
  return low < 0 || high < 0 ? `${a} to ${b}` : `${a}–${b}`;
}

/** A published count: exact, and "<5" below five. */
export function published(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return NOTHING;
  if (value > 0 && value < SMALL_CELL) return `<${SMALL_CELL}`;
  return Math.round(value).toLocaleString("en-GB");
}

/** A chance as a frequency: "31 in 100", "about 3 in 1,000", "more than 99 in 100". */
export function chance(p: number | null | undefined): string {
  if (p == null || !Number.isFinite(p)) return NOTHING;
  if (p < 0.0005) return t("chance.under", { n: 1, of: "1,000" });
  if (p > 0.9995) return t("chance.over", { n: 999, of: "1,000" });
  if (p < 0.01 || p > 0.99) return t("chance.about", { n: Math.round(p * 1000), of: "1,000" });
  return t("chance.in", { n: Math.round(p * 100), of: 100 });
}

/** A part of a whole in per cent. */
export function share(value: number): string {
  const percent = value * 100;
  if (!Number.isFinite(percent)) return NOTHING;
  if (percent > 0 && percent < 1) return "<1%";
  return `${Math.round(percent)}%`;
}

/** A day: 13 Mar 2026. */
export function day(iso: string): string {
  const [year, month, date] = iso.split("-").map(Number);
  if (!year || !month) return iso;
  return `${date ? `${date} ` : ""}${t("months").split(" ")[month - 1]} ${year}`;
}

/** A month: Mar 2026. */
export function month(iso: string): string {
  return day(iso.slice(0, 7));
}

/** The day so many months after another, as ISO text (the first of the month of the forecast's clock). */
export function monthsAfter(iso: string, months: number): string {
  const [year = 1970, one = 1] = iso.split("-").map(Number);
  const at = year * 12 + (one - 1) + months;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
}

/** The term of a scale for a chance, with its range: "likely (55–80%)"; none under 1 and over 99 in 100. */
export function term(p: number, terms: readonly { text: string; low: number; high: number; range: string }[]): string {
  if (p < 0.01 || p > 0.99) return "";
  const found = terms.find((one) => p >= one.low && p < one.high);
  return found ? `${found.text} (${found.range})` : "";
}

/** A label at the head of a title. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
