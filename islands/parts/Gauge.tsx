/**
 * A limit as a fence: how far the cost has come, how sure that is, and where the post stands.
 *
 * @module
 */
import { compact, percent, range } from "./format.ts";
import type { Reading } from "./reading.ts";

interface Props {
  readonly reading: Reading;
  /** Name of what is measured, for screen readers. */
  readonly label: string;
  readonly slim?: boolean;
}

export function Gauge({ reading, label, slim = false }: Props) {
  const { value, ci, bound, standing, share } = reading;
  const end = Math.max(1.5 * bound, 1.08 * value, 1.04 * (ci?.[1] ?? 0)) || 1;
  /** In percent of the gauge; an interval may reach below 0. */
  const place = (x: number) => Math.max(0, Math.min(100, 100 * x / end));
  const at = (x: number) => `${place(x).toFixed(2)}%`;
  const width = (from: number, to: number) => `${(place(to) - place(from)).toFixed(2)}%`;
  const format = share ? percent : compact;
  const spoken = `${label}: ${format(value)}, limit ${format(bound)}` +
    (ci ? `, 95 % interval ${range(ci, format)}` : "");
  return (
    <svg class={`gauge ${standing} ${slim ? "slim" : ""}`} role="img" aria-label={spoken}>
      <rect class="gauge-track" x="0" y="30%" width="100%" height="40%" rx="4" />
      <rect class="gauge-beyond" x={at(bound)} y="30%" width={width(bound, end)} height="40%" />
      <rect class="gauge-fill" x="0" y="30%" width={at(value)} height="40%" rx="4" />
      {ci && <rect class="gauge-interval" x={at(ci[0])} y="14%" width={width(...ci)} height="72%" rx="3" />}
      {value > 0 && <line class="gauge-value" x1={at(value)} x2={at(value)} y1="14%" y2="86%" />}
      <line class="gauge-post" x1={at(bound)} x2={at(bound)} y1="0" y2="100%" />
    </svg>
  );
}
