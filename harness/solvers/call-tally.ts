import { type Tensor, tf } from '../engine/tf.ts';
import type { Prior } from '../priors/prior.ts';
import type { Calls } from './run.ts';

type Name = keyof Calls;

/** Counts network calls an image. */
export class CallTally {
  #counts = new Map<string, number>();

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /**
   * Solvers are written by users, and what they count is stored.
   * @throws Error where a count is no number that can be added up
   */
  add(calls: Readonly<Record<string, unknown>>): void {
    for (const [name, n] of Object.entries(calls)) {
      if (typeof n !== 'number' || !Number.isFinite(n))
        throw new Error(`run.count: ${name} is ${shown(n)}, expected a finite number`);
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + n);
    }
  }

  /** What `work` adds, apart: a step that is traced has not run yet. */
  during<R>(work: () => R): { result: R; made: Readonly<Record<string, number>> } {
    const before = this.#counts;
    this.#counts = new Map();
    try {
      return { result: work(), made: this.counts };
    } finally {
      this.#counts = before;
    }
  }

  /** The prior, counted: forward passes, and backward ones where a gradient goes through its prediction. */
  watch<P extends Prior>(prior: P): P {
    const { autoencoder, crossAttention } = prior;
    const counted = <A extends unknown[], R>(name: Name, fn: (...args: A) => R) => {
      return (...args: A): R => {
        this.add({ [name]: 1 });
        return fn(...args);
      };
    };
    const differentiated = tf.customGrad((x) => ({
      value: tf.clone(x as Tensor),
      gradFunc: (dy: Tensor) => {
        this.add({ unetBackward: 1 });
        return dy;
      },
    }));
    const counts = {
      predict: counted('unetForward', (...args: Parameters<Prior['predict']>) => {
        const predicted = prior.predict(...args);
        return { ...predicted, value: differentiated(predicted.value) };
      }),
      ...(crossAttention && {
        crossAttention: {
          predict: counted('unetForward', (...args: Parameters<typeof crossAttention.predict>) =>
            crossAttention.predict(...args),
          ),
        },
      }),
      ...(autoencoder && {
        autoencoder: {
          encode: counted('encoder', (x: Tensor) => autoencoder.encode(x)),
          encodeSample: counted('encoder', (x: Tensor, gaussian: Tensor) =>
            autoencoder.encodeSample(x, gaussian),
          ),
          decode: counted('decoder', (z: Tensor) => autoencoder.decode(z)),
        },
      }),
    };
    // On top of the prior itself, which may be an object of a class.
    return Object.assign(Object.create(prior) as P, counts);
  }
}

function shown(value: unknown): string {
  return typeof value === 'bigint' ? `${value}n` : String(value);
}
