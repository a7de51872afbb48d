/**
 * The backend `js`: a program written as JavaScript and compiled.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { emit } from "./emit.ts";
import type { Engine } from "./engine.ts";
import type { Home } from "./evaluator.ts";
import type { Column } from "./layout.ts";
import type { Program } from "./program.ts";
import { LIBRARY } from "./rules.ts";
import { draw } from "./streams.ts";

const NATIVE = "const { sqrt, abs, floor, min, max, fround } = Math;";

/** The JavaScript of a program: a function of the world's memory that returns an engine. */
export function source(program: Program): { text: string; tables: readonly (readonly number[])[] } {
  const { graphs, draws } = program;
  const tables: (readonly number[])[] = [];
  const step = emit(graphs.step, draws, tables);
  const reset = emit(graphs.reset, draws, tables);
  const observe = emit(graphs.observe, draws, tables);
  const columns = new Set<Column>([step, reset, observe].flatMap((phase) => [...phase.columns]));
  const ids = new Set([...columns].map(({ id }) => id)).union(new Set(["key", "episode"]));
  const text = [
    '"use strict";',
    NATIVE,
    `const { ${Object.keys(LIBRARY).join(", ")} } = library;`,
    `const { ${[...ids].join(", ")} } = cells;`,
    ...tables.map((_, i) => `const t${i} = tables[${i}];`),
    `function advance() {\nfor (let e = 0; e < E; e++) {\n${step.body}\n}\n}`,
    `function reset(e) {\n${reset.body}\n}`,
    `function observe(e) {\n${observe.body}\n}`,
    "return { advance, reset, observe };",
  ].join("\n");
  return { text, tables };
}

/** Compiles a program to JavaScript. Pages whose policy forbids this use `interpret`. */
export function compile(program: Program, home: Home, E: number): Engine {
  const { text, tables } = source(program);
  const build = construct(text);
  const { cells, maxCycles } = home;
  const arrays = tables.map((table) => Float64Array.from(table));
  return build(E, cells, maxCycles, LIBRARY, arrays, draw, (env: number) => home.finish(env)) as Engine;
}

function construct(text: string): (...args: unknown[]) => unknown {
  try {
    return new Function("E", "cells", "maxCycles", "library", "tables", "draw", "finish", text) as never;
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    throw new UserError('this page does not allow compiled code: make the world with backend: "eval"');
  }
}
