import type { RandomFlavour, Role } from '../engine/random.ts';
import { sizeOf } from '../engine/shape.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { ImageStreams } from '../tasks/task.ts';
import { type ImageDraws, imageDraws } from './image-draws.ts';

/** The random numbers of one batch. Each image draws from its own source, which knows nothing of the batch. */
export class BatchStreams implements ImageStreams {
  readonly #images: readonly ImageDraws[];

  /** @param seed of all images, or of each */
  constructor(
    seed: number | readonly number[],
    images: readonly string[],
    flavour: RandomFlavour = 'philox',
  ) {
    const seedOf = (i: number) => (typeof seed === 'number' ? seed : seed[i]!);
    this.#images = images.map((image, i) => imageDraws[flavour](seedOf(i), image));
  }

  get count(): number {
    return this.#images.length;
  }

  normal(role: Role, shape: readonly number[]): Tensor {
    return this.#draw(shape, (image, size) => image.normals(role, size));
  }

  /** Uniform in [0,1), [B, ...shape]. */
  uniform(role: Role, shape: readonly number[]): Tensor {
    return this.#draw(shape, (image, size) => {
      const next = image.uniforms(role);
      return Float32Array.from({ length: size }, next);
    });
  }

  uniforms(role: Role, imageIndex: number): () => number {
    return this.#images[imageIndex]!.uniforms(role);
  }

  #draw(shape: readonly number[], of: (image: ImageDraws, size: number) => Float32Array): Tensor {
    const size = sizeOf(shape);
    const values = new Float32Array(this.count * size);
    for (const [i, image] of this.#images.entries()) values.set(of(image, size), i * size);
    return tf.tensor(values, [this.count, ...shape]);
  }
}
