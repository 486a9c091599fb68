import type { z } from 'zod';
import { type SourceLocation, UserError } from '../errors.ts';
import type { Misfit, Task } from './task.ts';

/**
 * @param whereIs the place in a file where a parameter stands
 * @throws UserError if the task cannot be posed on images of size [C,H,W] with these parameters.
 */
export function refuseMisfit(
  task: Pick<Task, 'name' | 'misfit'>,
  params: z.infer<z.ZodObject>,
  imageShape: readonly [number, number, number],
  whereIs?: (parameter: string) => SourceLocation,
): void {
  const misfit = task.misfit?.(params, imageShape);
  if (!misfit) return;
  const [, height, width] = imageShape;
  throw new UserError(
    `${task.name}.${misfit.parameter}: expected ${misfit.expected} for ${height}x${width} images, found ${params[misfit.parameter]}`,
    whereIs?.(misfit.parameter),
  );
}

/** A blur kernel has a middle, and its reflection padding is smaller than the image. */
export function kernelMisfit(
  { kernelSize }: { readonly kernelSize: number },
  [, height, width]: readonly [number, number, number],
): Misfit | null {
  const largest = 2 * Math.min(height, width) - 1;
  if (kernelSize % 2 === 1 && kernelSize <= largest) return null;
  return { parameter: 'kernelSize', expected: `an odd number of at most ${largest}` };
}

/** The sides are whole numbers of blocks. */
export function factorMisfit(
  { factor }: { readonly factor: number },
  [, height, width]: readonly [number, number, number],
): Misfit | null {
  if (height % factor === 0 && width % factor === 0) return null;
  return { parameter: 'factor', expected: 'a divisor of both sides' };
}
