import { z } from 'zod';
import { brushMask, isFound } from './brush-mask.ts';
import { maskedOperator, observedMean } from './masked.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';

const coverage = (value: number) => z.number().gt(0).lt(1).default(value);

/** Missing brush strokes; 10-20 % is the category of P2L's tables. */
export default defineRestoration({
  name: 'free-form-inpainting',
  title: 'Free-form inpainting',
  version: 1,
  source: "own brush strokes in place of Palette's mask files",
  params: z
    .strictObject({
      minCoverage: coverage(0.1).describe('least share of missing pixels'),
      maxCoverage: coverage(0.2).describe('largest share of missing pixels'),
      noise,
    })
    .refine(({ minCoverage, maxCoverage }) => minCoverage < maxCoverage, {
      path: ['minCoverage'],
      message: 'expected minCoverage < maxCoverage',
    }),
  pseudoInverse: true,
  svd: true,
  projection: true,
  misfit: ({ minCoverage: min, maxCoverage: max }, [, height, width]) =>
    isFound(height, width, { min, max })
      ? null
      : { parameter: 'minCoverage', expected: `less, so that brush strokes meet the range up to ${max}` },
  operator: ({ minCoverage: min, maxCoverage: max }, imageShape, streams) =>
    maskedOperator(imageShape, streams, (next) =>
      brushMask(imageShape[1], imageShape[2], { min, max }, next),
    ),
  noise: (params) => params.noise,
  baseline: observedMean,
});
