import { type DrawKey, normals, type RandomFlavour, type Role, uniforms } from '../engine/random.ts';
import { TorchCpuGenerator } from '../engine/torch-random.ts';

/** Where one image of a cell takes its random numbers from; knows nothing of the batch. */
export interface ImageDraws {
  /** `count` standard normal numbers. */
  normals(role: Role, count: number): Float32Array;
  /** Numbers in [0,1), without end. */
  uniforms(role: Role): () => number;
}

export const imageDraws: Readonly<Record<RandomFlavour, (seed: number, image: string) => ImageDraws>> = {
  philox: (seed, image) => new PhiloxDraws(seed, image),
  'torch-cpu': (seed, image) => new TorchCpuDraws(seed, image),
};

/** Successive draws of a role are numbered 0, 1, 2, ...; roles know nothing of each other. */
class PhiloxDraws implements ImageDraws {
  readonly #seed: number;
  readonly #image: string;
  readonly #drawn = new Map<Role, number>();

  constructor(seed: number, image: string) {
    this.#seed = seed;
    this.#image = image;
  }

  normals(role: Role, count: number): Float32Array {
    return normals(this.#next(role), count);
  }

  uniforms(role: Role): () => number {
    return uniforms(this.#next(role));
  }

  #next(role: Role): DrawKey {
    const draw = this.#drawn.get(role) ?? 0;
    this.#drawn.set(role, draw + 1);
    return { seed: this.#seed, role, image: this.#image, draw };
  }
}

/**
 * What a Python script draws that calls `torch.manual_seed(seed)` before each image, then `torch.randn` for the
 * measurement noise, the initial latent and the steps' noise (`torch.rand` where a step asks for uniform numbers), in this order, one image at a time on the CPU. Operators
 * (masks, motion kernels) stay with Philox: Python code draws them with NumPy or reads them from files, and they take
 * nothing from torch's generator.
 */
class TorchCpuDraws implements ImageDraws {
  readonly #generator: TorchCpuGenerator;
  readonly #operator: ImageDraws;

  constructor(seed: number, image: string) {
    this.#generator = new TorchCpuGenerator(seed);
    this.#operator = new PhiloxDraws(seed, image);
  }

  normals(role: Role, count: number): Float32Array {
    return role === 'operator' ? this.#operator.normals(role, count) : this.#generator.randn(count);
  }

  uniforms(role: Role): () => number {
    return role === 'operator' ? this.#operator.uniforms(role) : () => this.#generator.rand(1)[0]!;
  }
}
