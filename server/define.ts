/**
 * What every page of the dashboard can reach.
 *
 * @module
 */
import { createDefine } from "fresh";
import type { Store } from "./store.ts";

/** The part of the store that pages read. */
export type PageStore = Pick<Store, "run" | "runs" | "config" | "series" | "evaluations" | "replays">;

export interface State {
  store: PageStore;
  /** The folder of runs, as a person types it. */
  runs: string;
  /** Set by a page, shown in the browser's tab. */
  title?: string;
}

export const define = createDefine<State>();
