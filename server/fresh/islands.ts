/**
 * Server side of the islands: while a page renders, each island is put into a marker element that tells the
 * browser which module to load and which props it had.
 *
 * @module
 */
import { createContext, type FunctionComponent, h, options, type VNode } from "preact";
import { useContext } from "preact/hooks";
import { renderToString } from "preact-render-to-string";
import type { Island, Snapshot } from "./snapshot.ts";

/** The marker element; it should not take part in layout, so give it `display: contents`. */
export const MARKER = "fresh-island";

export interface Rendered {
  readonly html: string;
  /** Address of each island's bundle, by island id. */
  readonly islands: Readonly<Record<string, string>>;
  /** Props of each marker, in the order of its `data-props` number. */
  readonly props: readonly unknown[];
}

/** Preact's hook that runs before a node is rendered. Its name is mangled in Preact's build and stable within 10.x. */
interface DiffHook {
  __b?: ((vnode: VNode) => void) | undefined;
}

export function renderIslands(page: VNode, snapshot: Snapshot): Rendered {
  const islands: Record<string, string> = {};
  const props: unknown[] = [];
  const Inside = createContext(false);
  const bare = new WeakSet<VNode>();

  const marked = (component: FunctionComponent<never>, island: Island): FunctionComponent => {
    return function Marker(own) {
      const content = h(component as FunctionComponent, own);
      bare.add(content);
      if (useContext(Inside)) return content;
      islands[island.id] = island.url;
      const index = props.push(jsonProps(own, island.id)) - 1;
      return h(
        MARKER,
        { "data-island": island.id, "data-props": String(index) },
        h(Inside.Provider, { value: true, children: content }),
      );
    };
  };

  const hooks = options as DiffHook;
  const previous = hooks.__b;
  hooks.__b = (vnode) => {
    const island = snapshot.islands.get(vnode.type as FunctionComponent<never>);
    if (island !== undefined && !bare.has(vnode)) {
      vnode.type = marked(vnode.type as FunctionComponent<never>, island) as typeof vnode.type;
    }
    previous?.(vnode);
  };
  try {
    return { html: renderToString(page), islands, props };
  } finally {
    hooks.__b = previous;
  }
}

/** Throws on what JSON would lose, naming the prop: an island cannot get a function, a signal or JSX children. */
function jsonProps(props: object, island: string): unknown {
  for (const [name, value] of Object.entries(props)) {
    if (value !== undefined && !isJson(value)) {
      throw new Error(`Island ${island}: prop "${name}" is not plain JSON, so the browser could not get it`);
    }
  }
  return props;
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== "object") return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((inner) => inner === undefined || isJson(inner));
}
