import type { Channel, WorldSpec } from "../../sim/mod.ts";

/** The spec of a world with `E` environments, `N` agents and `channels`; nothing else in it matters here. */
export function specOf(E: number, N: number, channels: readonly Channel[]): WorldSpec {
  return {
    scenario: "test/costs",
    params: {},
    codeHash: "0".repeat(16),
    backend: "eval",
    E,
    N,
    O: 1,
    A: 2,
    C: channels.length,
    S: 1,
    actionKind: "discrete",
    agents: Array.from({ length: N }, (_, i) => `agent_${i}`),
    observationSizes: new Array(N).fill(1),
    actionSizes: new Array(N).fill(2),
    groups: [{
      name: "agent",
      members: Array.from({ length: N }, (_, i) => i),
      observation: { kind: "box", low: -1, high: 1, shape: [1] },
      action: { kind: "discrete", n: 2 },
    }],
    channels,
    budgets: [],
    sharedReward: false,
    maxCycles: 10,
  };
}

export const contact: Channel = { name: "contact", scope: "pair", summary: "" };
export const centre: Channel = { name: "centre", scope: "agent", summary: "" };
