/**
 * The network operators that TensorFlow.js lacks or computes slowly, on NCHW tensors with PyTorch's weight layouts,
 * so that weights are used as their files hold them. All but avgPool2d are differentiable.
 */
export { gelu, quickGelu, silu } from './ops/activation.ts';
export { attention, linear } from './ops/attention.ts';
export { resizeBilinear } from './ops/bilinear.ts';
export { type Conv2dOptions, conv2d } from './ops/conv2d.ts';
export { groupNorm, groupNormSilu, layerNorm } from './ops/normalise.ts';
export { avgPool2d, maxPool2d } from './ops/pool.ts';
export { upsampleNearest } from './ops/resample.ts';
export { stopGradient } from './ops/stop-gradient.ts';
