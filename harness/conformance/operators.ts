import { tf } from '../engine/tf.ts';
import { blockAverage } from '../operators/block-average.ts';
import { colourisation } from '../operators/colourisation.ts';
import { gaussianBlur } from '../operators/gaussian-blur.ts';
import { highDynamicRange } from '../operators/high-dynamic-range.ts';
import { inpainting } from '../operators/inpainting.ts';
import type { Operator } from '../operators/operator.ts';
import { superResolution } from '../operators/super-resolution.ts';
import type { Solver } from '../solvers/solver.ts';
import { IMAGE } from './fake-priors.ts';
import { gaussian } from './run-solver.ts';

/** Small ones of each kind. */
export const OPERATORS: Readonly<Record<string, () => Operator>> = {
  'super-resolution': () => superResolution(4, IMAGE),
  'block averaging': () => blockAverage(4, IMAGE),
  'gaussian blur': () => gaussianBlur({ kernelSize: 7, sigma: 1 }, IMAGE),
  inpainting: () => inpainting(tf.tidy(() => tf.step(gaussian(99, [1, 1, 16, 16])))),
  colourisation: () => colourisation([0.3333, 0.3334, 0.3333]),
  'high dynamic range': () => highDynamicRange({ scale: 2, min: -1, max: 1 }),
};

/** Whether the solver can work with such an operator. */
export function fits({ requires }: Solver, A: Operator): boolean {
  const parts = (['linear', 'pseudoInverse', 'svd', 'projection'] as const).filter((part) => requires[part]);
  return parts.every((part) => A[part]);
}

/** Those that the solver can work with, by name. */
export function operatorsFor(solver: Solver): [string, () => Operator][] {
  return Object.entries(OPERATORS).filter(([, make]) => fits(solver, make()));
}
