/**
 * A curve without axes, for a card.
 *
 * @module
 */

interface Props {
  /** In order of time; fewer than two points draw nothing. */
  readonly values: readonly number[];
  readonly label: string;
}

export function Sparkline({ values, label }: Props) {
  if (values.length < 2) return <div class="spark spark-empty" aria-hidden="true" />;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const y = (value: number) => high === low ? 16 : 30 - 28 * (value - low) / (high - low);
  const x = (i: number) => 100 * i / (values.length - 1);
  const line = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return (
    <svg class="spark" viewBox="0 0 100 32" preserveAspectRatio="none" role="img" aria-label={label}>
      <polygon class="spark-area" points={`0,32 ${line} 100,32`} />
      <polyline class="spark-line" points={line} />
    </svg>
  );
}
