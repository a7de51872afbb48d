/**
 * The backend `eval`: the scenario's own functions, run on numbers.
 *
 * @module
 */
import { makeBuilder } from "./builder.ts";
import type { Engine } from "./engine.ts";
import { Evaluator, type Home } from "./evaluator.ts";
import { observePhase, resetPhase, stepPhase } from "./phases.ts";
import type { Program } from "./program.ts";

/** Runs a program without compiling it. */
export function interpret(program: Program, home: Home, E: number): Engine {
  const { plan, sizes, columns } = program;
  const machine = new Evaluator(home);
  const builder = makeBuilder(plan, columns, machine);
  return {
    advance() {
      for (let env = 0; env < E; env++) {
        machine.env = env;
        stepPhase(builder, sizes);
      }
    },
    reset(env) {
      machine.env = env;
      resetPhase(builder);
    },
    observe(env) {
      machine.env = env;
      observePhase(builder, sizes);
    },
  };
}
