/** Conv and ConvTranspose of float64.ts, on [B,C,H,W] with the attributes of ONNX. */
import type { Attributes } from '../../harness/engine/onnx/graph.ts';
import { sizeOf } from '../../harness/engine/shape.ts';
import type { Array64 } from './float64-arrays.ts';

type Shape4 = readonly [number, number, number, number];

/** Each kernel position on each pair of planes: row by row, the stretches of input and output that it joins. */
function stretches(
  input: readonly number[],
  weight: readonly number[],
  output: readonly number[],
  attributes: Attributes,
  visit: (x: number, w: number, y: number, length: number) => void,
): void {
  const [batch, c, h, width] = input as Shape4;
  const [o, , kh, kw] = weight as Shape4;
  const [, , oh, ow] = output as Shape4;
  const [stride] = attributes.strides as [number, number];
  const [top, left] = attributes.pads as [number, number];
  for (let b = 0; b < batch; b++)
    for (let k = 0; k < o; k++)
      for (let l = 0; l < c; l++)
        for (let tap = 0; tap < kh * kw; tap++) {
          const [p, q] = [Math.floor(tap / kw) - top, (tap % kw) - left];
          const from = Math.max(0, Math.ceil(-q / stride));
          const to = Math.min(ow, Math.floor((width - 1 - q) / stride) + 1);
          for (let i = 0; i < oh; i++) {
            const row = i * stride + p;
            if (row < 0 || row >= h || to <= from) continue;
            const x = ((b * c + l) * h + row) * width + from * stride + q;
            visit(x, (k * c + l) * kh * kw + tap, ((b * o + k) * oh + i) * ow + from, to - from);
          }
        }
}

export function convolve(
  x: Array64,
  w: Array64,
  bias: Array64 | null,
  attributes: Attributes,
  shape: readonly number[],
): Float64Array {
  const [batch, o, oh, ow] = shape as Shape4;
  const [stride] = attributes.strides as [number, number];
  const plane = oh * ow;
  const y = new Float64Array(batch * o * plane);
  if (bias) for (let i = 0; i < y.length; i++) y[i] = bias.data[Math.floor(i / plane) % o]!;
  stretches(x.shape, w.shape, shape, attributes, (at, tap, to, length) => {
    const factor = w.data[tap]!;
    for (let i = 0; i < length; i++) y[to + i]! += x.data[at + i * stride]! * factor;
  });
  return y;
}

/** The transpose of the convolution with the same weight [C,O,kh,kw] and attributes. */
export function convolveTransposed(
  x: Array64,
  w: Array64,
  attributes: Attributes,
  shape: readonly number[],
): Float64Array {
  const [stride] = attributes.strides as [number, number];
  const y = new Float64Array(sizeOf(shape));
  stretches(shape, w.shape, x.shape, attributes, (to, tap, at, length) => {
    const factor = w.data[tap]!;
    for (let i = 0; i < length; i++) y[to + i * stride]! += x.data[at + i]! * factor;
  });
  return y;
}
