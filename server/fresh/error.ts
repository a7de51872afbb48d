/**
 * An error that a page can answer with.
 *
 * @module
 */

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad request",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  500: "Internal server error",
};

/** Throw it to answer with `status`. Its message is shown to the visitor; the message of any other error never is. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;

  constructor(status: number, message: string = REASONS[status] ?? "Error", options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** The error as a visitor may see it. */
export function asHttpError(error: unknown): HttpError {
  return error instanceof HttpError ? error : new HttpError(500, REASONS[500], { cause: error });
}
