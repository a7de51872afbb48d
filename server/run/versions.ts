/**
 * What the bits of a training depend on beside its settings.
 *
 * @module
 */
import { arch, cpus, platform } from "node:os";
import { version_core } from "@tensorflow/tfjs-core";
import project from "../../deno.json" with { type: "json" };
import type { Runtime } from "../../tensor/mod.ts";

/** Versions of code and machine, by name. */
export function versions(runtime: Runtime): Record<string, string> {
  return {
    paddock: project.version,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    [runtime.name]: runtime.version,
    tfjs: version_core,
    cpu: cpus()[0]?.model ?? "unknown",
    system: `${platform()} ${arch()}`,
  };
}

/** One line for each version that differs from `then`: the bits of a training may differ, too. */
export function changedVersions(
  then: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
) {
  return Object.entries(then)
    .filter(([name, version]) => now[name] !== version)
    .map(([name, version]) => `${name} was ${version}, is ${now[name] ?? "missing"}`);
}
