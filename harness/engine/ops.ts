/**
 * The network operators that TensorFlow.js lacks or computes slowly, on NCHW tensors with PyTorch's weight layouts,
 * so that weights are used as their files hold them. All are differentiable on every device.
 */
export { gelu, quickGelu, silu } from './ops/activation.ts';
export { attention, linear } from './ops/attention.ts';
export { type Conv2dOptions, conv2d } from './ops/conv2d.ts';
export { groupNorm, layerNorm } from './ops/normalise.ts';
export { upsampleNearest } from './ops/resample.ts';
