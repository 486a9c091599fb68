import {
  type Attributes,
  captionOf,
  neighbourOf,
  render,
  SPLITS,
  sample,
} from '../../datasets/toyfaces/index.ts';
import { uniforms } from '../engine/random.ts';

type Painted = { readonly bytes: Uint8Array; readonly caption: string };

/**
 * Pictures of the training split, each followed by a neighbour: the same face with one captioned attribute changed, the same
 * in every epoch. Painted once each and kept as bytes.
 */
export class NeighbourPairs {
  readonly #kept = new Map<number, readonly Painted[]>();
  readonly #size: number;
  readonly #seed: number;

  constructor(size: number, seed: number) {
    this.#size = size;
    this.#seed = seed;
  }

  /** Pixels [2N,3,size,size] in [-1,1], and captions. */
  batch(indices: readonly number[]): { pixels: Float32Array; captions: string[] } {
    const painted = indices.flatMap((index) => this.#pair(index));
    const values = 3 * this.#size * this.#size;
    const pixels = new Float32Array(painted.length * values);
    for (const [n, { bytes }] of painted.entries())
      for (let i = 0; i < values; i++) pixels[n * values + i] = bytes[i]! / 127.5 - 1;
    return { pixels, captions: painted.map(({ caption }) => caption) };
  }

  #pair(index: number): readonly Painted[] {
    let pair = this.#kept.get(index);
    if (!pair) {
      const { attributes } = sample(SPLITS.train.seed, index);
      const random = uniforms({ seed: this.#seed, role: 'train', image: 'neighbours', draw: index });
      pair = [attributes, neighbourOf(attributes, random).attributes].map((shown) => this.#paint(shown));
      this.#kept.set(index, pair);
    }
    return pair;
  }

  #paint(attributes: Attributes): Painted {
    const rgb = render(attributes, this.#size);
    const plane = this.#size ** 2;
    const bytes = Uint8Array.from(rgb, (_, i) => rgb[(i % plane) * 3 + Math.floor(i / plane)]!);
    return { bytes, caption: captionOf(attributes) };
  }
}
