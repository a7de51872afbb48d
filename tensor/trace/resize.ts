/**
 * Resizing an image along one axis, as a matrix. Rule and gradient share it: tfjs-cpu's own gradient is wrong for
 * images that are not square, and knows no half pixels.
 *
 * @module
 */

/** What the attributes of both resizing kernels have. */
export interface Resize {
  readonly size: [number, number];
  /** Whether the outermost pixels of both images lie on one another. */
  readonly alignCorners: boolean;
  /** Whether a pixel lies in the middle of its square rather than at its corner. */
  readonly halfPixelCenters: boolean;
}

export type Interpolation = "bilinear" | "nearest";

/** Row i of the matrix [to, from] holds the weights that pixel i of the result gives the pixels of the source. */
export function resizing(from: number, to: number, kind: Interpolation, settings: Resize): Float32Array {
  const { alignCorners, halfPixelCenters } = settings;
  const ratio = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const at = ratio * (halfPixelCenters ? i + 0.5 : i);
    const pairs = kind === "nearest" ? nearest(at, alignCorners) : bilinear(halfPixelCenters ? at - 0.5 : at);
    for (const [pixel, weight] of pairs) {
      matrix[i * from + Math.max(0, Math.min(from - 1, pixel))]! += weight;
    }
  }
  return matrix;
}

function nearest(at: number, alignCorners: boolean): [number, number][] {
  return [[alignCorners ? Math.round(at) : Math.floor(at), 1]];
}

function bilinear(at: number): [number, number][] {
  const low = Math.floor(at);
  return [[low, 1 - (at - low)], [low + 1, at - low]];
}
