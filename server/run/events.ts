/**
 * What a training run tells on its way: `paddock train --json` prints one of these a line, the last one the result.
 *
 * @module
 */
import type { Report } from "../../agents/mod.ts";

export interface StartEvent {
  readonly event: "start";
  readonly run: string;
  /** The run's folder. */
  readonly path: string;
  readonly scenario: string;
  readonly algorithm: string;
  readonly constraint: string | null;
  /** Environment steps done, more than 0 where the run was resumed. */
  readonly step: number;
  /** Environment steps in all: `asked`, rounded up to whole updates. */
  readonly steps: number;
  readonly asked: number;
}

export interface UpdateEvent {
  readonly event: "update";
  readonly step: number;
  readonly steps: number;
  readonly update: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface ResultEvent {
  readonly event: "result";
  readonly run: string;
  readonly path: string;
  /** `stopped`: a signal or `--minutes` ended it, and it can be resumed. */
  readonly status: "done" | "stopped";
  readonly step: number;
  /** As the start told them. */
  readonly steps: number;
  /** What ended it before its steps were done: `an evaluation returned -29.1, --stop-at -30`; none after a signal. */
  readonly ended?: string;
  /** Of all tensors, streams and buffers of the last state; no time, no name in it. */
  readonly hash: string;
  /** Steps that the policy had learned from which is reported, exported and recorded. */
  readonly policyStep?: number;
  readonly report?: Report;
  /** The same of the policy that the training ended with, which need not be the best. */
  readonly final?: Report;
  /** Paths of the exported models, one for each group. */
  readonly policies?: readonly string[];
  readonly replays?: readonly string[];
}

export type RunEvent =
  | StartEvent
  | UpdateEvent
  | ResultEvent
  | { readonly event: "note"; readonly message: string }
  | { readonly event: "evaluation"; readonly step: number; readonly best: boolean; readonly report: Report }
  | { readonly event: "checkpoint"; readonly step: number; readonly path: string };
