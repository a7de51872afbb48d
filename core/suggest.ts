/**
 * "Did you mean …?": the nearest of a list of names.
 *
 * @module
 */

/**
 * The candidate nearest to `word`, or undefined when nothing is near.
 *
 * Near means at most a third of the longer word's letters must be typed, dropped, changed or swapped (case
 * aside). Failing that, a candidate of which `word` is a part, so that "spread" finds
 * "mpe/simple_spread_v3". The first of equally near candidates wins.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let nearest: string | undefined;
  let least = Infinity;
  let holding: string | undefined;
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    const distance = editDistance(wanted, name);
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3));
    if (distance < least && distance <= allowed && distance < Math.max(wanted.length, name.length)) {
      [nearest, least] = [candidate, distance];
    }
    const holds = wanted.length >= 3 && name.includes(wanted);
    if (holds && (holding === undefined || candidate.length < holding.length)) holding = candidate;
  }
  return nearest ?? holding;
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`, each letter edited
 * at most once.
 *
 * Source   Damerau 1964, "A technique for computer detection and correction of spelling errors", restricted
 */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + change);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, beforeLast[j - 2]! + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
