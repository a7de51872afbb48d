/**
 * What a tracer knows of the memory it writes: the value at an address, until something may have overwritten it.
 *
 * @module
 */
import type { Store, Value } from "./graph.ts";
import type { Column } from "./layout.ts";

/** Known contents of memory, by column and address. */
export class Memory {
  #columns: Map<Column, Map<Value, Value>>;

  constructor(columns: Map<Column, Map<Value, Value>> = new Map()) {
    this.#columns = columns;
  }

  get(column: Column, address: Value): Value | undefined {
    return this.#columns.get(column)?.get(address);
  }

  /** After a load: this is what stands there. */
  learn(column: Column, address: Value, value: Value): void {
    let known = this.#columns.get(column);
    if (known === undefined) this.#columns.set(column, known = new Map());
    known.set(address, value);
  }

  /** After a store: this stands there, and whatever might be the same place is unknown. */
  write(column: Column, address: Value, value: Value): void {
    const known = this.#columns.get(column);
    if (known !== undefined && typeof address !== "number") known.clear();
    else if (known !== undefined) {
      for (const other of known.keys()) if (typeof other !== "number") known.delete(other);
    }
    this.learn(column, address, value);
  }

  forget(columns: Iterable<Column>): void {
    for (const column of columns) this.#columns.delete(column);
  }

  /** A copy, of some columns or of all. */
  copy(keep: (column: Column) => boolean = () => true): Memory {
    const kept = [...this.#columns].filter(([column]) => keep(column));
    return new Memory(new Map(kept.map(([column, known]) => [column, new Map(known)])));
  }
}

/** Stores in a row of statements that nothing has read yet: the next to the same place makes them void. */
export class FreshStores {
  readonly #columns = new Map<Column, Map<Value, Store>>();

  get(column: Column, address: Value): Store | undefined {
    return this.#columns.get(column)?.get(address);
  }

  add(store: Store): void {
    const known = this.#columns.get(store.column);
    if (known !== undefined) known.set(store.address, store);
    else this.#columns.set(store.column, new Map([[store.address, store]]));
  }

  /** Something read a column. */
  read(column: Column): void {
    this.#columns.delete(column);
  }

  /** A block began or ended. */
  clear(): void {
    this.#columns.clear();
  }
}
