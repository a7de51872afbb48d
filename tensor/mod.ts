/**
 * Tensors and training: write networks and losses as TensorFlow.js ops; they are traced, gradients included, and run
 * as ONNX graphs. No runtime is exported here: `server` passes in `tensor/runtime/node.ts`.
 *
 * @module
 */
export type { DType, Numbers, Port, Runtime, Session, Spec, Specs, Tensors, Value } from "./types.ts";
export {
  constant,
  type Draws,
  type Fan,
  glorot,
  he,
  type Init,
  lecun,
  normal,
  orthogonal,
  scaled,
  sideBySide,
  truncatedNormal,
  uniform,
  zeros,
} from "./init.ts";
export { type Layout, layout, type Part, type Parts } from "./layout.ts";
export {
  type Activation,
  layerNorm,
  layerNormParts,
  linear,
  linearParts,
  mlp,
  mlpParts,
  rmsNorm,
  rmsNormParts,
} from "./nets.ts";
export {
  conv,
  convFeatures,
  type ConvLayer,
  convParts,
  convShapes,
  deconv,
  deconvParts,
  NATURE,
} from "./convnet.ts";
export { gumbelSoftmax, oneHotSample, straightThrough, unimix } from "./relaxed.ts";
export { type Binned, binned, linearBins, symexpBins, twoHot } from "./twohot.ts";
export { gelu, mish, silu, symexp, symlog } from "./activations.ts";
export { gru, gruParts, scanGru } from "./recurrent/gru.ts";
export { lstm, lstmOutput, lstmParts, scanLstm } from "./recurrent/lstm.ts";
export type { ScanOptions } from "./recurrent/scan.ts";
export {
  attention,
  type AttentionOptions,
  attentionParts,
  block,
  blockParts,
  embed,
  embeddingParts,
  transformer,
  transformerParts,
  type TransformerSizes,
} from "./attention.ts";
export {
  type Bernoulli,
  bernoulli,
  type Categorical,
  categorical,
  type Gaussian,
  gaussian,
  logSoftmax,
  type SquashedGaussian,
  squashedGaussian,
} from "./distributions.ts";
export { adam, type AdamSettings, type AdamState, clipNorm, clipValue } from "./optimiser.ts";
export {
  type Adam,
  type AdamW,
  type Optimiser,
  optimiserOf,
  type OptimiserSettings,
  type RmsProp,
  type Sgd,
} from "./optimisers.ts";
export * as schedule from "./schedule.ts";
export type { Schedule } from "./schedule.ts";
export type { Loss, UpdateDefinition } from "./step.ts";
export { compileUpdate, type Update, type UpdateReport } from "./update.ts";
export { compileForward, type Forward } from "./forward.ts";
export { eagerForward, type EagerStep, eagerStep } from "./eager.ts";
export { stopGradient } from "./trace/gradients.ts";
export { loop, type Looped, type Turn } from "./trace/loop.ts";
export { type Cell, scanRnn } from "./trace/scan.ts";
export { TRACER_VERSION } from "./onnx/encode.ts";
export { exportPolicy, type Policy } from "./export.ts";
export { type ModelInfo, type ModelLimits, type ModelPort, readModel } from "./onnx/read.ts";
export { decode, encode, type Safetensors, type Storable } from "./safetensors.ts";
