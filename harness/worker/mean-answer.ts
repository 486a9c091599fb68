import type { Judged } from './answer.ts';

/** The mean of several draws of the same pictures, entry by entry, as they are found; rounded once, to float32. */
export async function meanAnswer(
  draws: number,
  drawOnce: (draw: number) => Promise<Judged>,
): Promise<Judged> {
  const first = await drawOnce(0);
  if (draws === 1) return first;
  const sum = Float64Array.from(first.data);
  for (let draw = 1; draw < draws; draw++) {
    const { data } = await drawOnce(draw);
    for (let i = 0; i < sum.length; i++) sum[i]! += data[i]!;
  }
  return { ...first, data: Float32Array.from(sum, (value) => value / draws) };
}
