/**
 * The HTTP server: a web handler on node:http, which, unlike Deno.serve, drops clients that never finish their
 * headers (docs/decisions/0008-node-http.md).
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { bracketed, listen } from "./http/listen.ts";
import { toRequest } from "./http/request.ts";
import { sendResponse } from "./http/response.ts";
import { Problem, problemResponse } from "./problem.ts";

/** Times in ms. */
export interface HttpTimeouts {
  /** To send all headers of a request. */
  readonly headers: number;
  /** To send a whole request. */
  readonly request: number;
  /** Between two requests of a connection. */
  readonly idle: number;
  /** To take a part of an answer. */
  readonly stall: number;
}

export interface HttpOptions {
  readonly handler: (request: Request) => Response | Promise<Response>;
  /** 0 takes any free one. */
  readonly port: number;
  /** 127.0.0.1 unless stated: only this machine can connect, and only under a name of its own. */
  readonly host?: string;
  /** Told of errors that are ours; their text never reaches the client. */
  readonly onError?: (error: unknown) => void;
  readonly timeouts?: Partial<HttpTimeouts>;
  /** Most connections at once; further ones are closed. */
  readonly connections?: number;
}

export interface HttpServer {
  /** `http://127.0.0.1:8000` */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, ends event streams, gives others `grace` ms (5000 unless stated) to finish. */
  close(grace?: number): Promise<void>;
}

const TIMEOUTS: HttpTimeouts = { headers: 10_000, request: 30_000, idle: 5_000, stall: 30_000 };

/** Throws a UserError with a free port where `port` is taken, and on a host that is not ours. */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { host = "127.0.0.1", handler, onError = () => {} } = options;
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const closing = new AbortController();
  const state = { origin: "" };

  const respond = async (incoming: IncomingMessage, signal: AbortSignal): Promise<Response> => {
    try {
      checkHost(incoming.headers.host, host);
      return await handler(await toRequest(incoming, state.origin, signal));
    } catch (error) {
      if (error instanceof Problem) return problemResponse(error.status, error.message, error.headers);
      if (!signal.aborted) onError(error);
      return problemResponse(500, "the server failed on this request");
    }
  };

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    outgoing.on("close", () => outgoing.writableFinished || gone.abort());
    outgoing.on("error", () => gone.abort());
    const response = await respond(incoming, gone.signal);
    const streams = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
    const stop = () => gone.abort();
    if (streams) closing.signal.addEventListener("abort", stop);
    if (closing.signal.aborted) outgoing.setHeader("connection", "close");
    try {
      if (!outgoing.destroyed) await sendResponse(response, outgoing, timeouts.stall);
    } catch (error) {
      onError(error);
    }
    closing.signal.removeEventListener("abort", stop);
  };

  const server = createServer({
    headersTimeout: Math.min(timeouts.headers, timeouts.request),
    requestTimeout: timeouts.request,
    keepAliveTimeout: timeouts.idle,
    connectionsCheckingInterval: Math.min(1000, timeouts.headers),
    maxHeaderSize: 16 * 1024,
  }, (incoming, outgoing) => void serve(incoming, outgoing));
  server.maxConnections = options.connections ?? 1024;
  server.on("clientError", (error, socket) => refuse(error, socket as Socket));

  await listen(server, options.port, host);
  const port = (server.address() as { port: number }).port;
  state.origin = `http://${bracketed(host)}:${port}`;
  return { url: state.origin, port, close: (grace = 5000) => close(server, closing, grace) };
}

/** Answers what is no HTTP, or came too slowly, and hangs up. */
function refuse(error: Error & { code?: string }, socket: Socket): void {
  const [status, text] = REFUSALS[error.code ?? ""] ??
    ["400 Bad Request", "this is not HTTP/1.1 as it should be"];
  const body = JSON.stringify({ error: text });
  const head = `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close`;
  if (socket.writable) socket.write(`HTTP/1.1 ${status}\r\n${head}\r\n\r\n${body}`);
  socket.destroySoon();
}

const REFUSALS: Readonly<Record<string, readonly [status: string, text: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "the request came too slowly"],
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "the headers are longer than 16384 bytes"],
};

async function close(server: Server, closing: AbortController, grace: number): Promise<void> {
  if (closing.signal.aborted) return;
  closing.abort();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearTimeout(timer);
}

/**
 * On this machine's own address, refuses names that are not its own: a web page could otherwise point a name of its
 * own at 127.0.0.1 and read every run ("DNS rebinding").
 */
function checkHost(name: string | undefined, host: string): void {
  if (name === undefined || !LOCAL.has(host)) return;
  const bare = name.replace(/:\d+$/, "").toLowerCase();
  if (LOCAL.has(bare.replace(/^\[|\]$/g, ""))) return;
  throw new Problem(
    421,
    "this server answers to localhost and 127.0.0.1 only; start it with --host for other names",
  );
}

const LOCAL: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "::1"]);
