/**
 * Taking a port, and telling the cure where that fails.
 *
 * @module
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { UserError } from "../../core/mod.ts";

/** Listens. Throws a UserError that says who holds the port, where that is known, and which one is free. */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new UserError(`--port: expected a whole number from 0 to 65535, found ${port}`);
  }
  if (!(await allowed(host))) {
    throw new UserError(
      `deno task paddock may listen on 127.0.0.1 only. For --host ${host} start it with: deno run -A main.ts`,
    );
  }
  try {
    await bind(server, port, host);
  } catch (error) {
    throw await explain(error, port, host);
  }
}

/** An IPv6 address stands in brackets where a port may follow. */
export function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Asks the person at the terminal, if there is one: node:net would end the process where it may not listen. */
async function allowed(host: string): Promise<boolean> {
  try {
    const { state } = await Deno.permissions.request({ name: "net", host: bracketed(host) });
    return state === "granted";
  } catch {
    return true; // no host at all, as the attempt will tell
  }
}

function bind(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function explain(error: unknown, port: number, host: string): Promise<unknown> {
  const { code } = error as { code?: string };
  switch (code) {
    case "EADDRINUSE": {
      const by = holder(port);
      const free = await freePort(port + 1, host);
      const cure = free === undefined ? "choose another with --port" : `use --port ${free}`;
      return new UserError(
        `port ${port} of ${host} is in use${by && ` by ${by}`}. Stop that program, or ${cure}`,
      );
    }
    case "EACCES":
      return new UserError(
        `you may not listen on port ${port} of ${host}. Use a port above 1023: --port 8000`,
      );
    case "EADDRNOTAVAIL":
    case "EINVAL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new UserError(`--host ${host} is no address of this machine. Use --host 127.0.0.1`);
    default:
      return error;
  }
}

/** The first free port of the next twenty. */
async function freePort(from: number, host: string): Promise<number | undefined> {
  for (let port = from; port < Math.min(from + 20, 65536); port++) {
    const probe = createServer();
    try {
      await bind(probe, port, host);
      return port;
    } catch {
      continue;
    } finally {
      probe.close();
    }
  }
}

/** `process 1234 (deno)`, on Linux and for processes that we may look into; otherwise "". */
function holder(port: number): string {
  try {
    const inode = ["/proc/net/tcp", "/proc/net/tcp6"].map((table) => listeningInode(table, port)).find((n) =>
      n
    );
    if (inode === undefined) return "";
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      if (holds(pid, `socket:[${inode}]`)) {
        return `process ${pid} (${readFileSync(`/proc/${pid}/comm`, "utf8").trim()})`;
      }
    }
  } catch {
    return "";
  }
  return "";
}

/** Row of a socket table: `sl local_address rem_address st … inode`, numbers in hex, state 0A = listening. */
function listeningInode(table: string, port: number): string | undefined {
  const address = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = readFileSync(table, "utf8").split("\n").map((row) => row.trim().split(/\s+/));
  return rows.find((row) => row[1]?.endsWith(address) && row[3] === "0A")?.[9];
}

function holds(pid: string, link: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === link);
  } catch {
    return false;
  }
}
