/**
 * The dashboard's server: pages, API and the policies of all runs at one address.
 *
 * @module
 */
import { existsSync } from "node:fs";
import type { Runtime } from "../../tensor/mod.ts";
import { apiHandler } from "../api/app.ts";
import { openApp } from "../app.ts";
import { type HttpServer, startHttp } from "../http.ts";
import { shortPath } from "../cli/format.ts";
import { note, noteError } from "../cli/output.ts";
import { openStore } from "../store.ts";
import type { Workspace } from "../workspace.ts";
import { markAbandoned } from "./lock.ts";
import { liveModels } from "./models.ts";

export interface Dashboard {
  readonly server: HttpServer;
  /** Names under /v2/models, as they are now. */
  models(): string[];
  close(): Promise<void>;
}

export interface DashboardOptions {
  readonly workspace: Workspace;
  readonly port: number;
  /** 127.0.0.1 unless stated. */
  readonly host?: string;
  readonly runtime: Runtime;
}

/** Start it. Throws a UserError where the port is taken or the folder of runs cannot be read. */
export async function startDashboard(
  { workspace, port, host = "127.0.0.1", runtime }: DashboardOptions,
): Promise<Dashboard> {
  const store = openStore(workspace.database);
  const models = liveModels(workspace, runtime, note);
  try {
    markAbandoned(workspace, store);
    const app = await openApp({
      store,
      runs: shortPath(workspace.root),
      api: apiHandler({ store, workspace, onError: noteError }),
      serving: models.handler,
    });
    const handle = app.handler();
    const server = await startHttp({
      handler: (request) => handle(request),
      port,
      host,
      onError: noteError,
    });
    const close = async () => {
      await server.close();
      store.close();
    };
    return { server, models: models.names, close };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Open `url` in the person's browser; false where this machine has no way to. */
export async function openBrowser(url: string): Promise<boolean> {
  const opener = { darwin: "open", windows: "explorer" }[Deno.build.os as string] ?? "xdg-open";
  const paths = (Deno.env.get("PATH") ?? "").split(Deno.build.os === "windows" ? ";" : ":");
  const found = Deno.build.os === "windows" || paths.some((path) => existsSync(`${path}/${opener}`));
  if (!found) return false;
  try {
    const child = new Deno.Command(opener, { args: [url], stdin: "null", stdout: "null", stderr: "null" })
      .spawn();
    child.unref();
    return await Promise.race([
      child.status.then(({ success }) => success),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 500)),
    ]);
  } catch {
    return false;
  }
}
