/**
 * The result of a benchmark: our number, a peer's, and the bar we set ourselves.
 *
 * @module
 */
export interface Row {
  readonly name: string;
  /** Of `ours` and `peer`; larger is better. */
  readonly unit: string;
  readonly ours: number;
  /** null where the peer could not run; `skipped` says why. */
  readonly peer: number | null;
  readonly peerName: string;
  readonly peerVersion: string;
  /** ours / peer */
  readonly ratio: number | null;
  /** The least ratio we want. */
  readonly bar: number;
  readonly skipped?: string;
}

/** A benchmark yields its rows as it measures them. */
export type Benchmark = () => AsyncGenerator<Row>;

export function row(
  fields: Omit<Row, "ratio" | "peer"> & { readonly peer: number },
): Row {
  return { ...fields, ratio: fields.ours / fields.peer };
}

export function skippedRow(fields: Omit<Row, "ratio" | "peer" | "peerVersion">): Row {
  return { ...fields, peer: null, peerVersion: "", ratio: null };
}

/** 25.3 M, 10.3 k, 812 */
export function short(value: number): string {
  const [scaled, suffix] = value >= 1e6
    ? [value / 1e6, " M"]
    : value >= 1e3
    ? [value / 1e3, " k"]
    : [value, ""];
  return scaled.toPrecision(3) + suffix;
}

/** One line per row, for people. */
export function line(row: Row): string {
  const ours = `${row.name}: ${short(row.ours)} ${row.unit}`;
  if (row.ratio === null || row.peer === null) return `${ours}; ${row.peerName} skipped: ${row.skipped}`;
  const ratio = row.ratio >= 100 ? row.ratio.toFixed(0) : row.ratio.toPrecision(3);
  const verdict = row.ratio >= row.bar ? `at least ${row.bar} x, as wanted` : `BELOW the bar of ${row.bar} x`;
  const peer = `${row.peerName} ${row.peerVersion}`.trim();
  return `${ours}; ${peer}: ${short(row.peer)}; ${ratio} x, ${verdict}`;
}
