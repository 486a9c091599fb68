import { render, sample } from '../../../datasets/toyfaces/index.ts';
import { range } from './pictures.ts';

/** The first pictures of a stream, [N,3,size,size] in [-1,1]: those of a split, and on beyond its end. */
export function paintStream(seed: number, count: number, size: number): Float32Array {
  const plane = size * size;
  const pixels = new Float32Array(count * 3 * plane);
  for (const n of range(count)) {
    const rgb = render(sample(seed, n).attributes, size);
    for (let i = 0; i < rgb.length; i++)
      pixels[(3 * n + (i % 3)) * plane + Math.floor(i / 3)] = rgb[i]! / 127.5 - 1;
  }
  return pixels;
}

/** Pictures [N,3,side,side] with each pixel four times, [N,3,2 side,2 side]. */
export function doubled(pixels: Float32Array, side: number): Float32Array {
  const wide = 2 * side;
  return Float32Array.from({ length: 4 * pixels.length }, (_, i) => {
    const [row, column] = [Math.floor(i / wide), i % wide];
    return pixels[Math.floor(row / 2) * side + Math.floor(column / 2)]!;
  });
}
