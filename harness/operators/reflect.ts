import { UserError } from '../errors.ts';

/** Index into a line mirrored without repeating its edge samples (reflection padding of less than the line's length). */
export function reflect(index: number, length: number): number {
  if (index < 0) return -index;
  return index < length ? index : 2 * (length - 1) - index;
}

/** @throws UserError if a blur kernel is even, or so large that its reflection padding would not fit the image. */
export function checkBlurKernel(task: string, kernelSize: number, height: number, width: number): void {
  if (kernelSize % 2 === 0)
    throw new UserError(`${task}: kernelSize ${kernelSize} is even, expected an odd number`);
  if (kernelSize >= 2 * Math.min(height, width)) {
    throw new UserError(
      `${task}: kernelSize ${kernelSize} is too large for ${height}x${width} images, expected at most ${2 * Math.min(height, width) - 1}`,
    );
  }
}
