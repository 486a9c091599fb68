import { z } from 'zod';
import { maskedOperator, observedMean } from './masked.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';
import { wholeBetween } from './sampling.ts';

/** A missing square at a random place. The defaults suit 64-pixel images; DPS's 256-pixel set uses side 128, margin 16. */
export default defineRestoration({
  name: 'box-inpainting',
  title: 'Box inpainting',
  version: 1,
  source: 'DPS code, util/img_utils.py, box masks',
  params: z.strictObject({
    side: z.number().int().min(1).default(32).describe('side of the missing square in pixels'),
    margin: z
      .number()
      .int()
      .min(0)
      .default(4)
      .describe('least distance of the square from the border in pixels'),
    noise,
  }),
  misfit({ side, margin }, [, height, width]) {
    const room = Math.min(height, width) - 2 * margin;
    if (room < 1) return { parameter: 'margin', expected: 'room for a square' };
    return side <= room ? null : { parameter: 'side', expected: `at most ${room} with margin ${margin}` };
  },
  pseudoInverse: true,
  svd: true,
  projection: true,
  operator({ side, margin }, imageShape, streams) {
    const [, height, width] = imageShape;
    return maskedOperator(imageShape, streams, (next) => {
      // The upper end is left out as in DPS, except where that leaves a single place.
      const place = (length: number) =>
        wholeBetween(next, margin, Math.max(margin + 1, length - margin - side));
      const [top, left] = [place(height), place(width)];
      const mask = new Float32Array(height * width).fill(1);
      for (let row = top; row < top + side; row++)
        mask.fill(0, row * width + left, row * width + left + side);
      return mask;
    });
  },
  noise: (params) => params.noise,
  baseline: observedMean,
});
