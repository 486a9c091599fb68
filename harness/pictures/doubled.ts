import type { Image8 } from './image8.ts';

/** The picture with each pixel four times: twice as wide and as high. */
export function doubled({ width, height, channels, data }: Image8): Image8 {
  const row = 2 * width * channels;
  const wide = new Uint8Array(4 * data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = data.subarray((y * width + x) * channels, (y * width + x + 1) * channels);
      for (const copy of [0, channels]) wide.set(pixel, 2 * y * row + 2 * x * channels + copy);
    }
    wide.copyWithin((2 * y + 1) * row, 2 * y * row, (2 * y + 1) * row);
  }
  return { width: 2 * width, height: 2 * height, channels, data: wide };
}
