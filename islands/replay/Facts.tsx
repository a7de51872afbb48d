/**
 * What the file says about itself, and the keys of the page.
 *
 * @module
 */
import type { ReplayOrigin } from "../../sim/mod.ts";
import { bytes } from "../parts/format.ts";
import { KEYS } from "./keys.ts";
import type { Session } from "./session.ts";

/** Where a fork left the replay that it came from. */
function originOf({ step, policy, run, hash }: ReplayOrigin): [string, string] {
  return ["Forked", `at step ${step} from ${policy}${run === undefined ? "" : ` of ${run}`}, ${hash}`];
}

export function Facts({ session }: { session: Session }) {
  const replay = session.replay.value;
  if (replay === undefined) return null;
  const { header, byteLength, hash } = replay;
  const facts: [string, string][] = [
    ["Policy", header.policy],
    ...header.fork === undefined ? [] : [originOf(header.fork)],
    ["Seed", String(header.seed)],
    ["Agents", String(header.agents.length)],
    ["Recorded on", header.backend],
    ["Code", header.codeHash],
    ["Result", hash],
    ["Size", bytes(byteLength)],
  ];
  return (
    <details class="card file-facts">
      <summary>File and keys</summary>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="mono">{value}</dd>
          </div>
        ))}
      </dl>
      <dl>
        {KEYS.map(([label, what]) => (
          <div key={label}>
            <dt>{label.split(" ").map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
