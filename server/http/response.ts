/**
 * A web Response sent through node:http.
 *
 * @module
 */
import type { ServerResponse } from "node:http";

/**
 * Sends `response` no faster than the client takes it. A client that takes nothing for `stall` ms loses its
 * connection. Resolves when all is sent or the client is gone; the body's stream is then released.
 */
export async function sendResponse(
  response: Response,
  outgoing: ServerResponse,
  stall: number,
): Promise<void> {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== "set-cookie") outgoing.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
  if (outgoing.req.method === "HEAD" || !response.body) {
    outgoing.end();
    return response.body?.cancel();
  }
  if (response.headers.get("content-type") === "application/json") {
    // whole text leaves in one write with its headers
    outgoing.end(await response.text());
  } else {
    await sendStream(response.body, outgoing, stall);
  }
  if (!outgoing.writableFinished) await patiently(outgoing, "finish", stall);
}

async function sendStream(
  body: ReadableStream<Uint8Array>,
  outgoing: ServerResponse,
  stall: number,
): Promise<void> {
  const reader = body.getReader();
  const gone = () => void reader.cancel().catch(() => {});
  outgoing.once("close", gone);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || outgoing.destroyed) break;
      if (!outgoing.write(value)) await patiently(outgoing, "drain", stall);
    }
    outgoing.end();
  } catch (error) {
    outgoing.destroy(); // the status is sent: a cut connection is all that can tell the client
    throw error;
  } finally {
    outgoing.off("close", gone);
  }
}

/** Waits for the client to take what was written; after `stall` ms without that its connection is cut. */
function patiently(outgoing: ServerResponse, event: "drain" | "finish", stall: number): Promise<void> {
  if (outgoing.destroyed) return Promise.resolve();
  return new Promise((resume) => {
    const timer = setTimeout(() => outgoing.destroy(), stall);
    const wake = () => {
      clearTimeout(timer);
      outgoing.off(event, wake);
      outgoing.off("close", wake);
      resume();
    };
    outgoing.on(event, wake);
    outgoing.on("close", wake);
  });
}
