import type { Tensor } from '../engine/tf.ts';

/** @throws Error where they are no numbers of steps. */
export function checkProgress(done: unknown, total: unknown): void {
  for (const n of [done, total]) {
    if (typeof n !== 'number' || !Number.isFinite(n) || n < 0) {
      throw new Error(`run.progress(${shown(done)}, ${shown(total)}): expected two numbers of steps`);
    }
  }
}

/** @throws Error where a solver has returned anything but the pictures [B,C,H,W] that it should. */
export function requirePictures(
  solver: string,
  restored: Tensor | undefined | null,
  shape: readonly number[],
): void {
  if (!Array.isArray(restored?.shape)) {
    throw new Error(`${solver} returned ${shown(restored)}, expected a tensor [${shape}]`);
  }
  if (restored.shape.join() !== shape.join()) {
    throw new Error(`${solver} returned [${restored.shape}], expected [${shape}]`);
  }
  if (restored.dtype !== 'float32') {
    throw new Error(`${solver} returned a tensor of ${restored.dtype}, expected float32`);
  }
}

function shown(value: unknown): string {
  if (typeof value === 'number' || value === null || value === undefined) return String(value);
  return typeof value === 'bigint' ? `${value}n` : `something of type ${typeof value}`;
}
