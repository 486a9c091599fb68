import { type Device, openDevice, type Precision } from '../../harness/engine/device.ts';
import type { Tensor } from '../../harness/engine/tf.ts';
import type { BenchCase, Work } from './case.ts';
import { sampleStride } from './samples.ts';

/** Who is timed. */
export interface Contender {
  readonly name: string;
  takes(benchCase: BenchCase): boolean;
  /** Runs the case once, which loads and compiles what it needs. */
  prepare(benchCase: BenchCase): Promise<Prepared>;
  /** Milliseconds of one run of the prepared case, over `runs` of them. */
  time(runs: number): Promise<number>;
  close(): Promise<void>;
}

/** What a first run tells of a case. */
export interface Prepared {
  /** Some of the numbers that it computed. */
  readonly values: readonly number[];
  /** Floating-point operations of its matrix products and convolutions; null: this contender does not count them. */
  readonly operations: number | null;
}

/** Our own engine, on a device of this process. */
export class InProcess implements Contender {
  readonly name: string;
  readonly #deviceName: string;
  readonly #precision: Precision;
  #device: Device | undefined;
  #work: Work | undefined;

  constructor(name: string, deviceName: string, precision: Precision) {
    this.name = name;
    this.#deviceName = deviceName;
    this.#precision = precision;
  }

  takes(): boolean {
    return true;
  }

  async prepare(benchCase: BenchCase): Promise<Prepared> {
    await this.close();
    this.#device = await openDevice(this.#deviceName, this.#precision);
    this.#work = await benchCase.prepare(this.#device);
    const values = await finish(await this.#work());
    const stride = sampleStride(values.length);
    // The second call compares the trace with a fresh one, which is no part of a step's time; scipy's cases have none.
    if (!benchCase.pytorch.byScipy) await finish(await this.#work());
    return { values: Array.from(values).filter((_, i) => i % stride === 0), operations: null };
  }

  async time(runs: number): Promise<number> {
    const start = performance.now();
    for (let i = 0; i < runs; i++) await finish(await this.#work!());
    return (performance.now() - start) / runs;
  }

  async close(): Promise<void> {
    await this.#device?.dispose();
    this.#device = undefined;
  }
}

async function finish(result: Tensor): Promise<Float32Array> {
  const values = await result.data<'float32'>();
  result.dispose();
  return values;
}
