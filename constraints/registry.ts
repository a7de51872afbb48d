/**
 * The shelf of constraints by name.
 *
 * @module
 */
import { suggest, UsageError } from "../core/mod.ts";
import { lagrangian, lagrangianSettings } from "./lagrangian.ts";
import type { Constraint } from "./types.ts";

/** A constraint as the command line finds it. */
export interface ConstraintEntry {
  readonly name: string;
  readonly summary: string;
  readonly settings: typeof lagrangianSettings;
  make(input: Record<string, unknown>): Constraint;
}

export const constraints: readonly ConstraintEntry[] = [
  {
    name: "lagrangian",
    summary: "a multiplier for each limit, by dual ascent on its violation",
    settings: lagrangianSettings,
    make: (input) => lagrangian(input),
  },
];

/** The constraint called `name`. Throws a UsageError that names the nearest one. */
export function findConstraint(name: string): ConstraintEntry {
  const found = constraints.find((entry) => entry.name === name);
  if (found) return found;
  const near = suggest(name, constraints.map((entry) => entry.name));
  throw new UsageError(
    `there is no constraint "${name}".` + (near ? ` Did you mean "${near}"?` : "") +
      ` There is: ${constraints.map((entry) => entry.name).join(", ")}`,
  );
}
