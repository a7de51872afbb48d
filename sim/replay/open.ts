/**
 * The world a replay was recorded in, built anew and checked to be the same one.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import { backends, domainOf } from "../domain.ts";
import { findScenario } from "../registry.ts";
import type { BackendName, World } from "../types.ts";
import { makeWorld } from "../engine/world.ts";
import type { Replay } from "./format.ts";

/**
 * The world of a replay, one environment, reset to the first recorded episode.
 *
 * @param scenario looked up on the shelf by its id if not given
 * @param backend the one it was recorded on if not given, or another of its domain: a web page has no "js"
 * @throws UserError that names the part of the header that does not fit the scenario as it is now
 */
export function openWorld(
  { header }: Replay,
  scenario?: Scenario,
  backend: BackendName = header.backend,
): World {
  if (domainOf(backend) !== domainOf(header.backend)) {
    throw new UserError(
      `replay, header.backend: it was recorded on ${header.backend}, which rounds otherwise than ${backend}: ` +
        `play it on ${backends.filter((other) => domainOf(other) === domainOf(header.backend)).join(", ")}`,
    );
  }
  const home = scenario ?? findScenario(header.scenario);
  same("scenario", header.scenario, home.id, "play it with the scenario it was recorded in");
  const world = makeWorld(home, {
    params: header.params,
    actions: header.actionKind,
    maxCycles: header.maxCycles,
    firstEnv: header.env,
    reset: header.reset ?? "streams",
    backend,
  });
  const { spec } = world;
  const changed = "the scenario has changed since; play it with the release of Paddock that recorded it";
  same("codeHash", header.codeHash, spec.codeHash, changed);
  same("agents", header.agents.join(), spec.agents.join(), changed);
  same("actionSizes", header.actionSizes.join(), spec.actionSizes.join(), changed);
  same("channels", header.channels.map(nameAndScope).join(), spec.channels.map(nameAndScope).join(), changed);
  world.reset(header.seed, header.firstEpisode);
  return world;
}

function same(field: string, recorded: string, now: string, cure: string): void {
  if (recorded === now) return;
  throw new UserError(`replay, header.${field}: expected "${now}", found "${recorded}": ${cure}`);
}

function nameAndScope({ name, scope }: { name: string; scope: string }): string {
  return `${name} (${scope})`;
}
