/**
 * Branches of a kernel.
 *
 * @module
 */
import type { Block, Value, When } from "../graph.ts";
import type { Code } from "./encode.ts";
import { code } from "./instructions.ts";
import type { Kernel } from "./kernel.ts";
import { append, get, set } from "./module.ts";
import { ELSE, END, I32, IF } from "./opcodes.ts";

/** Writes a branch: what it computes counts, and what it stores is stored, in the lanes where its condition holds. */
export function writeBranches(kernel: Kernel, when: When, block: Block): void {
  const { frame, values, access, kinds } = kernel;
  const { lanes } = frame;
  const results = kernel.results.get(when) ?? [];
  const outer = kernel.buffer(block);
  const uniform = kinds.uniform(when.condition) || lanes.count === 1;
  const condition = uniform
    ? values.local(values.bool(when.condition, block), I32, block)
    : values.local(values.truth(when.condition, block), lanes.mask, block);
  const mask = kernel.mask;
  const within = (test: Code) => mask === undefined ? test : lanes.and(mask, test);
  const locals = results.map((node) => frame.func.local(kinds.truth(node) ? lanes.mask : lanes.float));

  const branch = (body: Block, outcomes: readonly Value[], test: () => Code) => {
    kernel.open(body);
    if (!uniform) kernel.mask = test();
    kernel.statements(body);
    access.flush();
    const found = results.map((node) => {
      const value = outcomes[node.position]!;
      return kinds.truth(node) ? values.truth(value, body) : values.float(value, body);
    });
    kernel.mask = mask;
    return { code: kernel.buffer(body), values: found };
  };
  // Guards are computed before the branches, whose buffers open only then.
  const yesGuard = uniform ? condition : values.local(within(condition), lanes.mask, block);
  const yes = branch(when.yes, when.yesValues, () => yesGuard);
  const noGuard = uniform ? [] : code(lanes.not(condition));
  const noMask = uniform ? [] : frame.keep(within(noGuard), lanes.mask, outer);
  const no = branch(when.no, when.noValues, () => noMask);
  access.invalidate([...when.yes.written, ...when.no.written], block);
  results.forEach((node, i) => values.written.set(node, get(locals[i]!)));

  const assign = (computed: readonly Code[], from = (value: Code, _local: number) => value) => {
    return computed.flatMap((value, i) => code(from(value, locals[i]!), set(locals[i]!)));
  };
  if (uniform) {
    append(outer, code(condition, IF, yes.code, assign(yes.values)));
    append(outer, code(ELSE, no.code, assign(no.values), END));
    return;
  }
  const where = (value: Code, local: number) => lanes.select(condition, value, get(local));
  const unless = (value: Code, local: number) => lanes.select(condition, get(local), value);
  if (no.code.length === 0) {
    append(outer, assign(no.values));
    append(outer, code(lanes.any(yesGuard), IF, yes.code, assign(yes.values, where), END));
    return;
  }
  append(outer, code(lanes.any(yesGuard), IF, yes.code, assign(yes.values), END));
  append(outer, code(lanes.any(noMask), IF, no.code, assign(no.values, unless), END));
}
