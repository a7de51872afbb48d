/**
 * Errors of the HTTP interfaces: a status and `{"error": text}`, never a stack.
 *
 * @module
 */

/** A refusal on its way to the client; its message is sent as it is. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export function problemResponse(status: number, message: string, headers: HeadersInit = {}): Response {
  const response = Response.json({ error: message }, { status, headers });
  response.headers.set("cache-control", "no-store");
  response.headers.set("x-content-type-options", "nosniff");
  return response;
}
