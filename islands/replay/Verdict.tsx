/**
 * Whether this browser computed what was recorded.
 *
 * @module
 */
import { percent } from "../parts/format.ts";
import type { Phase, Session } from "./session.ts";

export function VerdictBadge({ session }: { session: Session }) {
  const phase = session.phase.value;
  return (
    <div class={`verdict verdict-${phase.kind}`} role="status" data-verified={mark(phase)}>
      <Seal phase={phase} />
      <div>
        <strong>{headline(phase)}</strong>
        <p class="caption">{detail(phase)}</p>
      </div>
    </div>
  );
}

function mark(phase: Phase): "true" | "false" | "pending" {
  if (phase.kind === "verified") return "true";
  return phase.kind === "differs" || phase.kind === "failed" ? "false" : "pending";
}

function headline(phase: Phase): string {
  switch (phase.kind) {
    case "loading":
      return "Loading";
    case "checking":
      return `Verifying, ${percent(phase.share)}`;
    case "verified":
      return "Verified";
    case "differs":
      return `Differs at step ${phase.verdict.step}`;
    case "failed":
      return "Cannot be played";
  }
}

function detail(phase: Phase): string {
  switch (phase.kind) {
    case "verified":
      return "Simulated again here, bit for bit as recorded.";
    case "differs":
      return phase.verdict.message;
    case "failed":
      return phase.message;
    default:
      return "Every step is simulated again and compared.";
  }
}

function Seal({ phase }: { phase: Phase }) {
  const marks: Partial<Record<Phase["kind"], string>> = {
    verified: "M9.5 16.5l4.5 4.5 9-10",
    differs: "M11 11l10 10M21 11l-10 10",
    failed: "M11 11l10 10M21 11l-10 10",
  };
  const share = phase.kind === "checking" ? phase.share : 0;
  return (
    <svg class="seal" viewBox="0 0 32 32" aria-hidden="true">
      <circle class="seal-track" cx="16" cy="16" r="13" />
      {marks[phase.kind] === undefined
        ? (
          <circle
            class="seal-share"
            cx="16"
            cy="16"
            r="13"
            pathLength={100}
            stroke-dasharray={`${100 * share} 100`}
          />
        )
        : <path class="seal-mark" d={marks[phase.kind]} />}
    </svg>
  );
}
