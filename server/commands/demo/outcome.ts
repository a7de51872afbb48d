/**
 * The outcome of the demo: the table that compares its policies, and a call of the served one.
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import type { Report } from "../../../agents/mod.ts";
import { number, table } from "../../cli/format.ts";
import { paint } from "../../cli/output.ts";
import { demoSettings } from "../demo_settings.ts";

/** One line of the table. */
export interface DemoRow {
  readonly name: string;
  readonly report: Report;
}

/** The table: random, scripted, unconstrained, constrained; each cost against its limit; what follows from it. */
export function verdict(rows: readonly DemoRow[]): string[] {
  const [random, scripted, unconstrained, constrained] = rows.map(({ report }) => report) as [
    Report,
    Report,
    Report,
    Report,
  ];
  const channels = Object.keys(constrained.costs);
  const limit = (channel: string) => constrained.costs[channel]!.limit;
  const lines = table([
    ["", "return", ...channels.flatMap((channel) => [channel, "95 % interval"])],
    [
      "limit",
      "",
      ...channels.flatMap((channel) => [limit(channel) === null ? "none" : number(limit(channel)!), ""]),
    ],
    ...rows.map(({ name, report }) => [
      name,
      number(report.return.mean),
      ...channels.flatMap((channel) => {
        const { mean, ci: [low, high] } = report.costs[channel]!;
        return [number(mean), `[${number(low)}, ${number(high)}]`];
      }),
    ]),
  ]);
  const kept = channels.filter((channel) => constrained.costs[channel]!.ci[1] < (limit(channel) ?? Infinity));
  const lost = channels.filter((channel) => !kept.includes(channel));
  return [
    paint("bold", `${constrained.episodes} stochastic episodes each, on seeds that training never saw`),
    ...lines,
    "",
    lost.length === 0
      ? paint(
        "green",
        `The constrained team keeps every limit: ${kept.join(", ")} (upper end of the interval).`,
      )
      : paint("yellow", `The constrained team does not surely keep: ${lost.join(", ")}.`),
    `Returns: unconstrained ${
      share(unconstrained, random, scripted)
    } where random is 0 and ${demoSettings.scripted} 1; ` +
    `constrained ${share(constrained, random, unconstrained)} where random is 0 and unconstrained 1.`,
  ];
}

/** Where `of` lies on the scale from `zero` to `one`. */
function share(of: Report, zero: Report, one: Report): string {
  const at = (of.return.mean - zero.return.mean) / (one.return.mean - zero.return.mean);
  return at.toFixed(2);
}

/** A call of a served policy. */
export interface InferCall {
  readonly url: string;
  readonly body: string;
  /** The same, to paste into a shell. */
  readonly curl: string;
}

/** Ask for the action of the first agent at the start of an episode. */
export async function inferCall(url: string, seed: number): Promise<InferCall> {
  const { makeWorld } = await import("../../../sim/mod.ts");
  const { loadScenario } = await import("../../run.ts");
  const { scenario } = await loadScenario(demoSettings.scenario);
  const world = makeWorld(scenario, { params: demoSettings.params });
  world.reset(seed);
  const O = world.spec.observationSizes[0]!;
  const data = Array.from(world.obs.subarray(0, O), (value) => Number(value.toFixed(4)));
  const body = JSON.stringify({ inputs: [{ name: "obs", datatype: "FP32", shape: [1, O], data }] });
  return { url, body, curl: `curl -s ${url} -H 'content-type: application/json' -d '${body}'` };
}

/** Make the call. Throws a UserError with the server's words where it does not answer with an action. */
export async function tryInfer({ url, body }: InferCall): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  const text = await response.text();
  if (response.ok && text.includes(`"action"`)) return text;
  throw new UserError(`the served policy does not answer (${response.status}): ${text}`);
}
