/**
 * What `Builder.build()` finds out about a project, and an `App` needs to answer requests.
 *
 * @module
 */
import type { FunctionComponent } from "preact";
import type { RouteModule } from "./types.ts";

/** A file below `routes/`, by its path without extension: `runs/[name]/index`. */
export interface RouteFile {
  readonly path: string;
  readonly module: RouteModule;
}

export interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

export interface Island {
  /** `Replay#default`: file and export. */
  readonly id: string;
  /** The address of its bundle. */
  readonly url: string;
}

export interface Snapshot {
  readonly routes: readonly RouteFile[];
  readonly islands: ReadonlyMap<FunctionComponent<never>, Island>;
  /** Address of the script that wakes the islands; undefined in a project without islands. */
  readonly boot?: string;
  /** Shared chunks that each bundle needs, by the bundle's address: what the page should preload. */
  readonly preload: ReadonlyMap<string, readonly string[]>;
  /** Bundles in memory, by address. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** Folder of files served as they are. */
  readonly staticDir?: string;
}

export const EMPTY_SNAPSHOT: Snapshot = {
  routes: [],
  islands: new Map(),
  preload: new Map(),
  assets: new Map(),
};
