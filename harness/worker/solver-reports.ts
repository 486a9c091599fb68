import type { Tensor } from '../engine/tf.ts';
import { type Media, mediaForms } from '../pictures/media.ts';
import type { ImageShape } from '../tasks/task.ts';

/** @throws Error where they are no numbers of steps. */
export function checkProgress(done: unknown, total: unknown): void {
  for (const n of [done, total]) {
    if (typeof n !== 'number' || !Number.isFinite(n) || n < 0) {
      throw new Error(`run.progress(${shown(done)}, ${shown(total)}): expected two numbers of steps`);
    }
  }
}

/** @throws Error where a solver has returned anything but the result [B,...] that it should. */
export function requireResult(
  solver: string,
  result: Tensor | undefined | null,
  media: Media,
  [batch, ...imageShape]: readonly [number, ...ImageShape],
): void {
  const { dtype, shape: shapeOf } = mediaForms[media];
  const shape = [batch, ...shapeOf(imageShape)];
  if (!Array.isArray(result?.shape)) {
    throw new Error(`${solver} returned ${shown(result)}, expected a tensor [${shape}]`);
  }
  if (result.shape.join() !== shape.join()) {
    throw new Error(`${solver} returned [${result.shape}], expected [${shape}]`);
  }
  if (result.dtype !== dtype) {
    throw new Error(`${solver} returned a tensor of ${result.dtype}, expected ${dtype}`);
  }
}

function shown(value: unknown): string {
  if (typeof value === 'number' || value === null || value === undefined) return String(value);
  return typeof value === 'bigint' ? `${value}n` : `something of type ${typeof value}`;
}
