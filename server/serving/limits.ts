/**
 * What one inference may cost the server.
 *
 * @module
 */

export interface ServingLimits {
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** Rows of a batch. */
  readonly batch: number;
  /** Elements of all inputs together. */
  readonly elements: number;
  /** Entries of `inputs`, and of `outputs`. */
  readonly tensors: number;
  /** Characters of a request's id. */
  readonly idLength: number;
}

export const defaultLimits: ServingLimits = {
  bodyBytes: 4 * 2 ** 20,
  batch: 1024,
  elements: 2 ** 20,
  tensors: 64,
  idLength: 256,
};
