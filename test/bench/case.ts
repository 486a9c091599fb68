import type { Device } from '../../harness/engine/device.ts';
import type { Tensor } from '../../harness/engine/tf.ts';

/** A call to be timed. It gives what it computed, so that peers can be held against each other. */
export type Work = () => Promise<Tensor>;

/** One thing to time, on our engine and on others that do the same. */
export interface BenchCase {
  readonly name: string;
  readonly batch: number;
  /** Loads, builds and closes over everything that is not part of the time. */
  prepare(device: Device): Promise<Work>;
  /** The same work in Python: `prepare(args)` of pytorch/<module>.py. */
  readonly pytorch: {
    readonly module: string;
    readonly args: unknown;
    /** Whether it is scipy's, which PyTorch's compiler cannot change. */
    readonly byScipy?: boolean;
  };
  /** Whether tfjs's wasm backend can do it, in memory and in less than a minute. */
  readonly wasm: boolean;
  /** Samples that are enough, where one takes long. */
  readonly rounds?: number;
  /** Takes minutes: only where `--filter` names it. */
  readonly onlyByName?: boolean;
}
