/**
 * The backend `js`: a program written as JavaScript and compiled.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { emit, type Shared } from "./emit.ts";
import type { Engine } from "./engine.ts";
import type { Home } from "./evaluator.ts";
import type { Block } from "./graph.ts";
import { Grids } from "./grid.ts";
import type { Column } from "./layout.ts";
import type { Program } from "./program.ts";
import { LIBRARY } from "./rules.ts";
import { draw } from "./streams.ts";

const NATIVE = "const { sqrt, abs, floor, min, max, fround } = Math;";

/** The JavaScript of a program: a function of the world's memory that returns an engine. */
export function source(program: Program): { readonly text: string; readonly shared: Shared } {
  const { graphs, draws } = program;
  const counted = Object.values(graphs).some(({ root }) => searches(root));
  const shared: Shared = { tables: [], searches: [], counted };
  const step = emit(graphs.step, draws, shared);
  const reset = emit(graphs.reset, draws, shared);
  const observe = emit(graphs.observe, draws, shared);
  const columns = new Set<Column>([step, reset, observe].flatMap((phase) => [...phase.columns]));
  const ids = new Set([...[...columns].map(({ id }) => id), "key", "episode"]);
  const text = [
    '"use strict";',
    NATIVE,
    `const { ${Object.keys(LIBRARY).join(", ")} } = library;`,
    `const { ${[...ids].join(", ")} } = cells;`,
    ...shared.tables.map((_, i) => `const t${i} = tables[${i}];`),
    ...shared.searches.map(({ count }, i) => `const g${i} = grids[${i}], b${i} = new Int32Array(${count});`),
    ...counted ? ["let moves = 0;"] : [],
    `function advance() {\nfor (let e = 0; e < E; e++) {\n${step.body}\n}\n}`,
    `function reset(e) {\n${reset.body}\n}`,
    `function observe(e) {\n${observe.body}\n}`,
    "return { advance, reset, observe };",
  ].join("\n");
  return { text, shared };
}

/** Whether someone searches for neighbours in a block. */
function searches(block: Block): boolean {
  return block.statements.some((statement) => {
    if (statement.kind === "loop") return statement.range.near !== undefined || searches(statement.body);
    return statement.kind === "when" && (searches(statement.yes) || searches(statement.no));
  });
}

/** Compiles a program to JavaScript. Pages whose policy forbids this use `interpret`. */
export function compile(program: Program, home: Home, E: number): Engine {
  const { text, shared } = source(program);
  const build = construct(text);
  const { cells, maxCycles } = home;
  const tables = shared.tables.map((table) => Float64Array.from(table));
  const known = new Grids(cells);
  const grids = shared.searches.map((search) => known.get(search, search.count));
  return build(
    E,
    cells,
    maxCycles,
    LIBRARY,
    tables,
    grids,
    draw,
    (env: number) => home.finish(env),
  ) as Engine;
}

function construct(text: string): (...args: unknown[]) => unknown {
  try {
    return new Function(
      "E",
      "cells",
      "maxCycles",
      "library",
      "tables",
      "grids",
      "draw",
      "finish",
      text,
    ) as never;
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    throw new UserError('this page does not allow compiled code: make the world with backend: "eval"');
  }
}
