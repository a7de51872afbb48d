/**
 * The JSON of a request, read within a cap: what is too long is refused as soon as that is known.
 *
 * @module
 */
import { Problem } from "../problem.ts";

/** Throws a Problem: 415 for another content type or an encoding, 413 over `cap` bytes, 400 for what is not JSON. */
export async function readJson(request: Request, cap: number): Promise<unknown> {
  checkHeaders(request.headers);
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > cap) throw tooLong(cap);
  const bytes = await readCapped(request, cap);
  if (bytes.length === 0) throw new Problem(400, "the body is empty; send a JSON object with inputs");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new Problem(400, "the body is not JSON in UTF-8");
  }
}

function checkHeaders(headers: Headers): void {
  if (headers.has("inference-header-content-length")) {
    throw new Problem(415, "binary tensor data is not offered; send data as JSON (binary_data=False)");
  }
  const encoding = headers.get("content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity") {
    throw new Problem(415, "content-encoding is not offered; send the body as it is", {
      "accept-encoding": "identity",
    });
  }
  const [type, ...parameters] = (headers.get("content-type") ?? "").toLowerCase().split(";").map((s) =>
    s.trim()
  );
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice(8).replaceAll(
    '"',
    "",
  );
  if (type !== "application/json" || (charset !== undefined && charset !== "utf-8" && charset !== "utf8")) {
    throw new Problem(415, "expected content-type: application/json", { accept: "application/json" });
  }
}

/** A body of stated length cannot be longer: HTTP ends it there. */
async function readCapped(request: Request, cap: number): Promise<Uint8Array> {
  if (request.headers.has("content-length")) return new Uint8Array(await request.arrayBuffer());
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > cap) throw tooLong(cap);
    chunks.push(chunk);
  }
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function tooLong(cap: number): Problem {
  return new Problem(413, `the body is longer than ${cap} bytes; send smaller batches`, {
    connection: "close",
  });
}
