import * as toyfaces from '../../datasets/toyfaces/index.ts';
import { uniforms } from '../engine/random.ts';

/** Pictures of the training split, painted once each and kept as bytes (12 KiB a picture of 64 pixels a side). */
export class TrainingPictures {
  readonly #kept = new Map<number, { bytes: Uint8Array; caption: string }>();
  readonly #size: number;

  constructor(size: number = toyfaces.SIZE) {
    this.#size = size;
  }

  /** Pixels [N,3,size,size] in [-1,1], and captions. */
  batch(indices: readonly number[]): { pixels: Float32Array; captions: string[] } {
    const values = 3 * this.#size * this.#size;
    const pixels = new Float32Array(indices.length * values);
    const captions = indices.map((index, n) => {
      const { bytes, caption } = this.#picture(index);
      for (let i = 0; i < values; i++) pixels[n * values + i] = bytes[i]! / 127.5 - 1;
      return caption;
    });
    return { pixels, captions };
  }

  #picture(index: number): { bytes: Uint8Array; caption: string } {
    let picture = this.#kept.get(index);
    if (!picture) {
      const { pixels, captions } = toyfaces.batch('train', [index], this.#size);
      picture = { bytes: Uint8Array.from(pixels, (v) => Math.round((v + 1) * 127.5)), caption: captions[0]! };
      this.#kept.set(index, picture);
    }
    return picture;
  }
}

/** Which pictures step n of a run takes: an epoch is a random order of the split, a pure function of (seed, epoch). */
export class Epochs {
  readonly #seed: number;
  readonly #batch: number;
  #epoch = -1;
  #order: number[] = [];

  constructor(seed: number, batch: number) {
    this.#seed = seed;
    this.#batch = batch;
  }

  indices(step: number): number[] {
    const count = toyfaces.SPLITS.train.count;
    const perEpoch = Math.floor(count / this.#batch);
    const epoch = Math.floor(step / perEpoch);
    if (epoch !== this.#epoch) {
      const random = uniforms({ seed: this.#seed, role: 'train', image: 'order', draw: epoch });
      const keys = Float64Array.from({ length: count }, random);
      this.#order = Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]!);
      this.#epoch = epoch;
    }
    const start = (step % perEpoch) * this.#batch;
    return this.#order.slice(start, start + this.#batch);
  }
}
