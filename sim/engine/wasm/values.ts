/**
 * Values of a graph as code: each is computed once, in the block where it belongs, and read in the form that is needed.
 *
 * @module
 */
import type { Block, Node, Value } from "../graph.ts";
import type { Column } from "../layout.ts";
import type { Schedule } from "../schedule.ts";
import { ASIDE, counter } from "../streams.ts";
import type { Access } from "./access.ts";
import type { Code } from "./encode.ts";
import type { Frame } from "./frame.ts";
import { at, code, i32Const, scaled } from "./instructions.ts";
import type { Kind, Kinds } from "./kinds.ts";
import { f32, f64, I32, i32, LOCAL_GET, type Type, v128 } from "./opcodes.ts";
import { operate } from "./operations.ts";
import type { Address } from "./rows.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Uses } from "./uses.ts";

export class Values {
  /** Code that reads what stands computed. */
  readonly written = new Map<Node, Code>();

  constructor(
    readonly frame: Frame,
    readonly around: Surroundings,
    readonly access: Access,
    readonly kinds: Kinds,
    readonly uses: Uses,
    readonly schedule: Schedule,
  ) {}

  /** What a load finds. */
  load(node: Node, block: Block): Code {
    const { column } = node as Node & { kind: "load" };
    return this.loadAt(column, this.address(node.args[0]!, block), block);
  }

  /** What stands in a column, at a place of `address`. */
  loadAt(column: Column, where: Address | { places: Code }, block: Block): Code {
    if (!("places" in where)) return this.access.load(column, where, block);
    const value = this.access.gather(column, where.places, block);
    const { format } = this.access.rows.place(column);
    return format === "i32" || format === "u8" ? this.frame.lanes.toInts(value) : value;
  }

  /** A place in a row that all lanes share, or one for each. */
  address(address: Value, block: Block): Address | { readonly places: Code } {
    let fixed = 0;
    let rest = address;
    while (typeof rest === "object" && rest.kind === "op" && rest.op === "add") {
      const [a, b] = rest.args as [Value, Value];
      if (typeof b === "number") [rest, fixed] = [a, fixed + b];
      else if (typeof a === "number") [rest, fixed] = [b, fixed + a];
      else break;
    }
    if (typeof rest === "number") return { name: "", base: undefined, fixed: fixed + rest };
    if (this.kinds.of(rest) === "int") {
      return { name: `${rest.id}`, base: this.local(this.int(rest, block), I32, block), fixed };
    }
    const { lanes } = this.frame;
    const places = this.local(this.ints(address, block), lanes.ints, block);
    if (lanes.count > 1) return { places };
    return { name: `lane ${typeof address === "object" ? address.id : ""}`, base: places, fixed: 0 };
  }

  /** A value in the form that its kind says; computed in its own block if it is not computed yet. */
  #value(node: Node, block: Block): Code {
    const known = this.written.get(node);
    if (known !== undefined) return known;
    const home = this.schedule.home.get(node)!;
    if (node.kind === "load") {
      const loaded = this.load(node, home);
      this.written.set(node, loaded);
      return loaded;
    }
    const expression = this.#expression(node, home);
    if (home === block && this.uses.once(node)) return expression;
    const kind = this.kinds.of(node);
    const { lanes } = this.frame;
    const type: Type = {
      int: I32,
      bool: I32,
      ints: lanes.ints,
      mask: lanes.mask,
      float: lanes.float,
      number: I32,
    }[
      kind
    ] as Type;
    const kept = this.frame.keep(expression, type, this.access.rows.buffer(home));
    this.written.set(node, kept);
    return kept;
  }

  #expression(node: Node, home: Block): Code {
    switch (node.kind) {
      case "op":
        return operate(node, this.kinds.of(node) as Kind, {
          lanes: this.frame.lanes,
          kinds: this.kinds,
          float: (value) => this.float(value, home),
          truth: (value) => this.truth(value, home),
          ints: (value) => this.ints(value, home),
          int: (value) => this.int(value, home),
          bool: (value) => this.bool(value, home),
          keep: (value) => this.local(value, this.frame.lanes.float, home),
          library: (name, args) => {
            return this.around.library(name, args, {
              func: this.frame.func,
              into: this.access.rows.buffer(home),
            });
          },
        });
      case "table":
        return this.#table(node.values, node.args[0]!, home);
      case "draw":
        return this.#draw(node, home);
      default:
        throw new Error(`a ${node.kind} stands in its own block`);
    }
  }

  /** Few different entries are compared and chosen; else every lane looks its own up. */
  #table(values: readonly number[], index: Value, home: Block): Code {
    const { lanes } = this.frame;
    const { size } = lanes;
    const load = size === 8 ? f64.load : f32.load;
    if (this.kinds.of(index) === "int" || lanes.count === 1) {
      const place = this.kinds.of(index) === "int" ? this.int(index, home) : this.ints(index, home);
      return lanes.spreadFloat(code(scaled(place, size), at(load, this.around.table(values))));
    }
    const places = this.local(this.ints(index, home), lanes.ints, home);
    const entries = values.flatMap((value, i) => Object.is(value, 0) ? [] : [{ value, i }]);
    if (entries.length <= 4) {
      if (entries.length === 0) return lanes.number(0);
      return entries
        .map(({ value, i }) => lanes.where(lanes.eqInts(places, lanes.int(i)), lanes.number(value)))
        .reduce((sum, entry) => code(sum, entry, v128.or));
    }
    let result = lanes.number(0);
    for (let lane = 0; lane < lanes.count; lane++) {
      const value = code(scaled(lanes.intOf(places, lane), size), at(load, this.around.table(values)));
      result = lanes.withFloat(result, lane, value);
    }
    return result;
  }

  #draw(node: Node & { kind: "draw" }, home: Block): Code {
    const { lanes } = this.frame;
    const { draws, drawn, columns } = this.around;
    const { purpose, loops, args } = node;
    const indices = args.slice(args.length - loops.length);
    let place = i32Const(node.local);
    loops.toReversed().forEach((loop, i) => {
      const round = code(
        this.int(indices[loops.length - 1 - i]!, home),
        i32Const(loop.drawsPerRound),
        i32.mul,
      );
      place = code(place, round, i32.add, i32Const(loop.drawsBefore), i32.add);
    });
    if (purpose === "reset" && node.local < ASIDE && lanes.count === 1) {
      return code(scaled(place, lanes.size), at(lanes.size === 8 ? f64.load : f32.load, drawn));
    }
    const start = code(place, i32Const(counter(purpose, 0) | 0), i32.add);
    const cycle = () => lanes.mulInts(this.ints(args[0]!, home), lanes.int(draws[purpose]));
    const count = purpose === "reset"
      ? lanes.spreadInt(start)
      : lanes.addInts(lanes.spreadInt(start), cycle());
    const word = (column: string, fixed: number) => {
      return this.access.load(columns.get(column)!, { name: "", base: undefined, fixed }, home);
    };
    return this.around.draw(word("key", 0), word("key", 1), word("episode", 0), count);
  }

  /** A number for each lane. */
  float(value: Value, block: Block): Code {
    const { lanes } = this.frame;
    if (typeof value === "number") return lanes.number(value);
    const found = this.#value(value, block);
    switch (this.kinds.of(value)) {
      case "int":
        return lanes.fromInts(lanes.spreadInt(found));
      case "ints":
        return lanes.fromInts(found);
      case "bool":
        return lanes.num(lanes.spread(found));
      case "mask":
        return lanes.num(found);
      default:
        return found;
    }
  }

  /** A truth for each lane. */
  truth(value: Value, block: Block): Code {
    const { lanes } = this.frame;
    if (typeof value === "number") return lanes.truth(Boolean(value));
    const found = this.#value(value, block);
    switch (this.kinds.of(value)) {
      case "bool":
        return lanes.spread(found);
      case "mask":
        return found;
      case "int":
        return lanes.spread(code(found, i32.eqz, i32.eqz));
      case "ints":
        return lanes.not(lanes.eqInts(found, lanes.int(0)));
      default:
        return lanes.lt(lanes.number(0), lanes.abs(found));
    }
  }

  /** A whole number for each lane. */
  ints(value: Value, block: Block): Code {
    const { lanes } = this.frame;
    if (typeof value === "number") return lanes.int(value);
    const found = this.#value(value, block);
    switch (this.kinds.of(value)) {
      case "int":
      case "bool":
        return lanes.spreadInt(found);
      case "ints":
        return found;
      default:
        return lanes.toInts(this.float(value, block));
    }
  }

  /** One whole number for all lanes. */
  int(value: Value, block: Block): Code {
    return typeof value === "number" ? i32Const(value) : this.#value(value, block);
  }

  /** One truth for all lanes; of a single lane, that lane's. */
  bool(value: Value, block: Block): Code {
    if (typeof value === "number") return i32Const(value ? 1 : 0);
    const kind = this.kinds.of(value);
    if (kind === "int") return code(this.#value(value, block), i32.eqz, i32.eqz);
    return kind === "bool" ? this.#value(value, block) : this.truth(value, block);
  }

  /** A value that is read more than once. */
  local(value: Code, type: Parameters<Frame["keep"]>[1], block: Block): Code {
    const simple = value[0] === LOCAL_GET && value.length <= 6 &&
      value.slice(1, -1).every((byte) => typeof byte === "number" && byte >= 128);
    return simple ? value : this.frame.keep(value, type, this.access.rows.buffer(block));
  }
}
