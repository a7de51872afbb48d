/**
 * A node:http request as a web Request.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import { Problem } from "../problem.ts";

/**
 * The Request that `incoming` is. Its URL has `origin`, whatever the Host header says. Throws a Problem for targets
 * that are no plain path: a URL parser would resolve `..` (also as `%2e%2e`) before any route could refuse it.
 */
export async function toRequest(
  incoming: IncomingMessage,
  origin: string,
  signal: AbortSignal,
): Promise<Request> {
  const target = (incoming.url ?? "").replace(/^https?:\/\/[^/?#]*/i, "");
  const [path = ""] = target.split(/[?#]/, 1);
  if (!path.startsWith("/") || path.includes("\\") || DOTS.test(path)) {
    throw new Problem(400, "the request's path must start with / and hold no . or .. segment");
  }
  const headers = new Headers();
  const raw = incoming.rawHeaders;
  try {
    for (let i = 0; i + 1 < raw.length; i += 2) headers.append(raw[i]!, raw[i + 1]!);
  } catch {
    throw new Problem(400, "a header of the request is not valid");
  }
  const method = incoming.method ?? "GET";
  if (FORBIDDEN.has(method)) throw new Problem(405, `${method} is not offered`, { allow: "GET, HEAD, POST" });
  const init: RequestInit & { duplex?: "half" } = { method, headers, signal };
  if (method !== "GET" && method !== "HEAD") {
    const length = Number(incoming.headers["content-length"]);
    if (length <= SMALL) {
      init.body = await smallBody(incoming, length);
    } else {
      init.body = bodyOf(incoming);
      init.duplex = "half";
    }
  }
  return new Request(origin + target, init);
}

const DOTS = /\/(\.|%2e){1,2}(\/|$)/i;

/** Methods that `Request` refuses. */
const FORBIDDEN = new Set(["CONNECT", "TRACE", "TRACK"]);

/** Bodies of at most so many bytes are read before the handler starts: a stream costs more than they do. */
const SMALL = 65_536;

function smallBody(incoming: IncomingMessage, length: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const bytes = new Uint8Array(length);
    let at = 0;
    incoming.on("data", (chunk: Uint8Array) => {
      bytes.set(chunk, at);
      at += chunk.length;
    });
    const end = () => {
      incoming.off("error", end);
      incoming.off("close", end);
      if (at === length) resolve(bytes);
      else reject(clientGone());
    };
    incoming.on("end", end);
    incoming.on("error", end);
    incoming.on("close", end);
  });
}

/** The body, read from the socket only as fast as it is taken. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  let over = false;
  return new ReadableStream({
    start(controller) {
      const end = (whole: boolean) => {
        if (over) return;
        over = true;
        if (whole) controller.close();
        else controller.error(clientGone());
      };
      incoming.pause();
      incoming.on("data", (chunk: Uint8Array<ArrayBuffer>) => {
        if (over) return;
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.on("end", () => end(true));
      incoming.on("error", () => end(false));
      incoming.on("close", () => end(false));
    },
    pull: () => void incoming.resume(),
    cancel() {
      over = true;
      incoming.resume();
    },
  }, { highWaterMark: 0 });
}

function clientGone(): Problem {
  return new Problem(400, "the client went away within its request");
}
