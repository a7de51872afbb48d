/**
 * Bytes over a socket: what no HTTP client would send, as it is.
 *
 * @module
 */

/** Sends `text` (as Latin-1) and reads until the server closes, or has said nothing for `silence` ms. */
export async function raw(
  port: number,
  text: string,
  silence = 300,
): Promise<{ text: string; closed: boolean }> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  const writing = send(connection, bytes);
  const decoder = new TextDecoder("latin1");
  const buffer = new Uint8Array(65536);
  let answer = "";
  let closed = false;
  try {
    while (!closed) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const timeout = new Promise<"silent">((wake) => timer = setTimeout(() => wake("silent"), silence));
      const got = await Promise.race([connection.read(buffer), timeout]);
      clearTimeout(timer);
      if (got === "silent") break;
      if (got === null) closed = true;
      else answer += decoder.decode(buffer.subarray(0, got));
    }
  } catch {
    closed = true;
  } finally {
    connection.close();
    await writing;
  }
  return { text: answer, closed };
}

async function send(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  } catch {
    // the server may have closed: what it answered before is what counts
  }
}

/** Status of the first answer in `text`, 0 where there is none. */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0);
}
