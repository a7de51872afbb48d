/**
 * The curves of a run in the page: what the server thinned, and what came live after it.
 *
 * @module
 */
import type { LiveUpdate, MetricSeries } from "../protocol.ts";

/** More points than this are thinned to half: the older half of the training is not worth more. */
const MOST = 4000;

export interface Curve {
  readonly step: number[];
  readonly value: number[];
}

export type History = ReadonlyMap<string, Curve>;

export function historyOf(series: readonly MetricSeries[]): Map<string, Curve> {
  return new Map(series.map(({ tag, step, value }) => [tag, { step: [...step], value: [...value] }]));
}

/** Appends the metrics of an update; one that is not later than a curve's last point is known already. */
export function append({ step, metrics }: LiveUpdate, into: Map<string, Curve>): void {
  for (const [tag, value] of Object.entries(metrics)) {
    const curve = into.get(tag);
    if (curve === undefined) into.set(tag, { step: [step], value: [value] });
    else if (step > (curve.step.at(-1) ?? -1)) {
      curve.step.push(step);
      curve.value.push(value);
      if (curve.step.length > MOST) into.set(tag, halve(curve));
    }
  }
}

function halve({ step, value }: Curve): Curve {
  const kept = (_: number, i: number) => i % 2 === 0 || i === step.length - 1;
  return { step: step.filter(kept), value: value.filter(kept) };
}

/** Curves on one axis: all their steps, sorted, and for each curve its value there or null. */
export function align(curves: readonly Curve[]): [number[], ...(number | null)[][]] {
  const [only] = curves;
  if (curves.length === 1 && only !== undefined) return [only.step, only.value];
  const steps = [...new Set(curves.flatMap(({ step }) => step))].sort((a, b) => a - b);
  return [
    steps,
    ...curves.map(({ step, value }) => {
      const at = new Map(step.map((s, i) => [s, value[i]!]));
      return steps.map((s) => at.get(s) ?? null);
    }),
  ];
}
