/**
 * The policy of a run as ONNX, with all that a reader needs to feed it.
 *
 * @module
 */
import { UsageError } from "../../core/mod.ts";
import { unknownName } from "../cli/errors.ts";
import type { Plan } from "./config.ts";
import type { Learned } from "./learned.ts";

/** The model of one group. `group` may be left out where there is only one. */
export function exportGroup(plan: Plan, learned: Learned, group = onlyGroup(plan)): Uint8Array {
  const player = learned.players[group];
  if (!player) throw unknownName("group", group, Object.keys(learned.players));
  return player.export(metadataOf(plan, learned, group));
}

function onlyGroup({ spec }: Plan): string {
  if (spec.groups.length === 1) return spec.groups[0]!.name;
  const names = spec.groups.map((group) => group.name).join(", ");
  throw new UsageError(
    `${spec.scenario} has ${spec.groups.length} groups (${names}). Choose one with --group`,
  );
}

/** What the model says about itself. Values that are not plain text are JSON. */
function metadataOf({ spec, config }: Plan, learned: Learned, name: string): Record<string, string> {
  const group = spec.groups.find((group) => group.name === name)!;
  return {
    format: "paddock-policy",
    version: "1",
    run: config.name,
    scenario: spec.scenario,
    codeHash: spec.codeHash,
    params: JSON.stringify(spec.params),
    group: name,
    agents: JSON.stringify(group.members.map((member) => spec.agents[member])),
    observation: JSON.stringify(group.observation),
    action: JSON.stringify(group.action),
    padding: JSON.stringify({ observation: spec.O, action: spec.A }),
    channels: JSON.stringify(spec.channels),
    budgets: JSON.stringify(config.limits),
    algorithm: config.algorithm,
    constraint: config.constraint ?? "none",
    seed: String(config.seed),
    step: String(learned.step),
    versions: JSON.stringify(config.versions),
  };
}
