/**
 * What a null space of log params means: which params the data cannot tell apart, in words, and which power products
 * of params they do tell.
 *
 * A direction n with J n = 0 says that pᵢ ↦ pᵢ cⁿⁱ changes nothing. A product ∏ pᵢ^aᵢ is told where a ⟂ n for all n.
 *
 * @module
 */
import type { Columns } from "./columns.ts";

/** One power product: an exponent for each param. */
export type Exponents = readonly number[];

/** Below this, an entry is none. */
const NONE = 1e-3;
/** Exponents of physics are halves, thirds, … */
const DENOMINATOR = 12;

/** The same space, each direction with a 1 where all others have a 0, as far back in the list as may be. */
export function echelon(directions: Columns, P: number): { rows: number[][]; pivots: number[] } {
  const rows = directions.map((direction) => Array.from(direction));
  const pivots: number[] = [];
  for (let place = P - 1; place >= 0 && pivots.length < rows.length; place--) {
    const at = pivots.length;
    let best = at;
    for (let i = at; i < rows.length; i++) {
      if (Math.abs(rows[i]![place]!) > Math.abs(rows[best]![place]!)) best = i;
    }
    if (Math.abs(rows[best]![place]!) < NONE) continue;
    [rows[at], rows[best]] = [rows[best]!, rows[at]!];
    const scale = rows[at]![place]!;
    rows[at] = rows[at]!.map((x) => x / scale);
    rows.forEach((row, i) => {
      if (i === at) return;
      const factor = row[place]!;
      rows[i] = row.map((x, j) => x - factor * rows[at]![j]!);
    });
    pivots.push(place);
  }
  return { rows: rows.slice(0, pivots.length).map((row) => row.map(plain)), pivots };
}

/** The nearest fraction of small denominator, where it is near. */
function plain(x: number): number {
  for (let d = 1; d <= DENOMINATOR; d++) {
    if (Math.abs(x * d - Math.round(x * d)) < NONE * d) return Math.round(x * d) / d + 0;
  }
  return x;
}

/** The products that are told, one for each param that is no pivot: alone where its exponents leave it alone. */
export function toldProducts({ rows, pivots }: ReturnType<typeof echelon>, P: number): Exponents[] {
  return Array.from({ length: P }, (_, place) => place).filter((place) => !pivots.includes(place)).map(
    (place) => {
      const exponents = new Array<number>(P).fill(0);
      exponents[place] = 1;
      rows.forEach((row, i) => exponents[pivots[i]!] = -row[place]! + 0);
      return exponents;
    },
  );
}

/** `gravity·length⁻¹` */
export function productName(exponents: Exponents, names: readonly string[]): string {
  return names.flatMap((name, i) => exponents[i] === 0 ? [] : [name + power(exponents[i]!)]).join("·");
}

const SUPERSCRIPT: Readonly<Record<string, string>> = {
  "-": "⁻",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

function power(exponent: number): string {
  if (exponent === 1) return "";
  if (!Number.isInteger(exponent)) return `^${Number(exponent.toFixed(3))}`;
  return Array.from(String(exponent), (digit) => SUPERSCRIPT[digit]).join("");
}

/** What a direction keeps the data from telling, in words. */
export function inWords(direction: readonly number[], names: readonly string[]): string {
  const places = direction.flatMap((n, i) => n === 0 ? [] : [i]);
  const members = places.map((i) => names[i]!);
  if (members.length === 1) return `${members[0]}: no step depends on it`;
  const first = direction[places[0]!]!;
  if (places.every((i) => direction[i] === first)) return `${list(members)} only by their common scale`;
  const sign = first < 0 ? -1 : 1;
  const moved = places.map((i) => `${names[i]}·c${power(sign * direction[i]!)}`);
  return `${list(members)} only together: ${list(moved)} move alike for every c`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
