import { CLIP_DEVIATION, CLIP_MEAN } from '../networks/clip-pixels.ts';
import type { Image8 } from '../pictures/image8.ts';
import { pillowResize8 } from './resize8.ts';

/**
 * What transformers' CLIPImageProcessor makes of an RGB picture: its shorter side resized to `side` by 8-bit Pillow
 * bicubic (the longer one in proportion, rounded down), the middle square, byte / 255, mean and deviation of CLIP.
 * @returns [3,side,side], row-major
 */
export function clipInput(image: Image8, side: number): Float32Array {
  const shorter = Math.min(image.width, image.height);
  const scaled = (length: number) => (length === shorter ? side : Math.floor((side * length) / shorter));
  const size = { width: scaled(image.width), height: scaled(image.height) };
  const { data } = pillowResize8(image, size);
  const [left, top] = [Math.floor((size.width - side) / 2), Math.floor((size.height - side) / 2)];
  const values = new Float32Array(3 * side * side);
  for (let c = 0, at = 0; c < 3; c++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const byte = data[((top + y) * size.width + left + x) * 3 + c]!;
        values[at++] = (byte / 255 - CLIP_MEAN[c]!) / CLIP_DEVIATION[c]!;
      }
    }
  }
  return values;
}
