import { tf } from '../engine/tf.ts';
import { mediaForms } from '../pictures/media.ts';
import type { Answer, Kind } from '../tasks/kinds.ts';
import { resultOf, rolesOf } from '../tasks/roles.ts';
import type { ImageShape } from '../tasks/task.ts';
import { shown } from '../text/shown.ts';

/** @throws Error where they are no numbers of steps. */
export function checkProgress(done: unknown, total: unknown): void {
  for (const n of [done, total]) {
    if (typeof n !== 'number' || !Number.isFinite(n) || n < 0) {
      throw new Error(`run.progress(${shown(done)}, ${shown(total)}): expected two numbers of steps`);
    }
  }
}

/** @throws Error where a method has returned anything but the result [B,...] that one of its kind finds */
export function requireResult<K extends Kind>(
  method: string,
  kind: K,
  answer: Answer<K>,
  [batch, ...imageShape]: readonly [number, ...ImageShape],
): void {
  const { result: media, found } = rolesOf(kind);
  const { dtype, shape: shapeOf } = mediaForms[media];
  const shape = [batch, ...shapeOf(imageShape)];
  const result: unknown = resultOf(kind, answer);
  if (result instanceof Promise)
    throw new Error(
      `${method} returned { ${String(found)}: a promise }: \`await\` is missing before what makes it`,
    );
  if (!(result instanceof tf.Tensor)) {
    const returned = result === answer ? shown(answer) : `{ ${String(found)}: ${shown(result)} }`;
    throw new Error(`${method} returned ${returned}, expected a tensor [${shape}] or { ${String(found)} }`);
  }
  if (result.shape.join() !== shape.join()) {
    throw new Error(`${method} returned [${result.shape}], expected [${shape}]`);
  }
  if (result.dtype !== dtype) {
    throw new Error(`${method} returned a tensor of ${result.dtype}, expected ${dtype}`);
  }
  if (result.isDisposed) throw new Error(`${method} returned a tensor that is disposed`);
}

/** Above what any method makes of a picture in [-1, 1], and below white of 255. */
const BYTES = { above: 32, upTo: 256 } as const;

/** @throws Error for pictures of 0 to 255, which clipping would make white without a word */
export function refuseBytes(method: string, values: ArrayLike<number>): void {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= 0 && value <= BYTES.upTo)) return;
    if (value > most) most = value;
  }
  if (most > BYTES.above)
    throw new Error(
      `${method} returned values from 0 to ${Math.round(most)}, as bytes have them; expected about -1 to 1`,
    );
}
