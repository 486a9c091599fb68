import { type DrawKey, normals, type Role, uniforms } from '../engine/random.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { ImageStreams } from '../tasks/task.ts';

/**
 * The random numbers of one batch. Each image draws from its own streams, which know nothing of the batch; successive
 * draws of a role are numbered 0, 1, 2, ...
 */
export class BatchStreams implements ImageStreams {
  readonly #seed: number;
  readonly #images: readonly string[];
  readonly #draws = new Map<string, number>();

  constructor(seed: number, images: readonly string[]) {
    this.#seed = seed;
    this.#images = images;
  }

  get count(): number {
    return this.#images.length;
  }

  normal(role: Role, shape: readonly number[]): Tensor {
    const size = shape.reduce((product, n) => product * n, 1);
    const values = new Float32Array(this.count * size);
    for (let i = 0; i < this.count; i++) values.set(normals(this.#next(role, i), size), i * size);
    return tf.tensor(values, [this.count, ...shape]);
  }

  uniforms(role: Role, imageIndex: number): () => number {
    return uniforms(this.#next(role, imageIndex));
  }

  #next(role: Role, imageIndex: number): DrawKey {
    const image = this.#images[imageIndex]!;
    const stream = `${role} ${imageIndex}`;
    const draw = this.#draws.get(stream) ?? 0;
    this.#draws.set(stream, draw + 1);
    return { seed: this.#seed, role, image, draw };
  }
}
