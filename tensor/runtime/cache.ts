/**
 * Sessions by the content of their model. Building a session costs milliseconds and leaves memory behind, and the
 * same function traced again gives the same bytes, so a model that is loaded twice is built once.
 *
 * @module
 */
import { hasher, UserError } from "../../core/mod.ts";
import type { Runtime, Session } from "../types.ts";

interface Entry {
  readonly model: Uint8Array;
  readonly session: Session;
  users: number;
}

/**
 * A runtime that shares sessions between equal models.
 *
 * @param idle how many sessions without a user are kept for later, oldest first to go
 */
export function cached(runtime: Runtime, idle = 8): Runtime {
  const entries = new Map<string, Entry>(); // in order of last use
  const load = (model: Uint8Array, heavy = false): Session => {
    const key = keyOf(model, entries);
    const entry = entries.get(key) ?? { model: model.slice(), session: runtime.load(model, heavy), users: 0 };
    entry.users++;
    entries.delete(key);
    entries.set(key, entry);
    return shared(entry, () => evict(entries, idle));
  };
  return { name: runtime.name, version: runtime.version, load };
}

/** The content's hash; a number behind it where two contents share a hash. */
function keyOf(model: Uint8Array, entries: ReadonlyMap<string, Entry>): string {
  const hash = hasher();
  hash.array(model);
  for (let i = 0;; i++) {
    const key = `${hash.hex()}.${i}`;
    const entry = entries.get(key);
    if (entry === undefined || equal(entry.model, model)) return key;
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** One user's hold on a session. */
function shared(entry: Entry, released: () => void): Session {
  let held = true;
  return {
    inputs: entry.session.inputs,
    outputs: entry.session.outputs,
    run(feeds, into) {
      if (!held) throw new UserError("this session was disposed of");
      return entry.session.run(feeds, into);
    },
    dispose() {
      if (!held) return;
      held = false;
      entry.users--;
      released();
    },
  };
}

function evict(entries: Map<string, Entry>, idle: number): void {
  const unused = [...entries].filter(([, { users }]) => users === 0);
  for (const [key, { session }] of unused.slice(0, Math.max(0, unused.length - idle))) {
    entries.delete(key);
    session.dispose();
  }
}
