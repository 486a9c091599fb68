/** Plain loops over doubles, as the formulas are written: what the network operators are checked against. */

interface ConvSizes {
  readonly batch: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Height and width. */
  readonly size: number;
  /** Odd; padded so that the size stays. */
  readonly kernel: number;
}

/** sum over c, p, q of w[o,c,p,q] x[n, c, i + p - r, j + q - r] + bias[o], r the kernel's radius. */
export function convolution(
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  bias: ArrayLike<number>,
  { batch, inputs, outputs, size, kernel }: ConvSizes,
): number[] {
  const radius = (kernel - 1) / 2;
  const pixel = (n: number, c: number, i: number, j: number) =>
    i < 0 || j < 0 || i >= size || j >= size ? 0 : x[((n * inputs + c) * size + i) * size + j]!;
  return Array.from({ length: batch * outputs * size * size }, (_, at) => {
    const [j, i] = [at % size, Math.floor(at / size) % size];
    const [o, n] = [Math.floor(at / size ** 2) % outputs, Math.floor(at / size ** 2 / outputs)];
    let sum = bias[o]!;
    for (let c = 0; c < inputs; c++)
      for (let p = 0; p < kernel; p++)
        for (let q = 0; q < kernel; q++)
          sum +=
            w[((o * inputs + c) * kernel + p) * kernel + q]! * pixel(n, c, i + p - radius, j + q - radius);
    return sum;
  });
}

interface NormSizes {
  readonly batch: number;
  readonly channels: number;
  readonly groups: number;
  /** Pixels of a channel. */
  readonly plane: number;
  readonly eps: number;
}

/** gamma (x - mean) / sqrt(variance + eps) + beta; mean and variance of each image's groups of channels. */
export function normalised(
  x: readonly number[],
  gamma: ArrayLike<number>,
  beta: ArrayLike<number>,
  { batch, channels, groups, plane, eps }: NormSizes,
): number[] {
  const length = (channels / groups) * plane;
  return Array.from({ length: batch * groups }, (_, g) => x.slice(g * length, (g + 1) * length))
    .flatMap((group) => {
      const mean = group.reduce((a, b) => a + b) / length;
      const variance = group.reduce((sum, v) => sum + (v - mean) ** 2, 0) / length;
      return group.map((v) => (v - mean) / Math.sqrt(variance + eps));
    })
    .map((v, i) => {
      const c = Math.floor(i / plane) % channels;
      return gamma[c]! * v + beta[c]!;
    });
}
