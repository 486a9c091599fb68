import { setTimeout as sleep } from 'node:timers/promises';
import type { Precision } from '../../harness/engine/device.ts';
import type { BenchCase } from './case.ts';
import type { Contender } from './contender.ts';

/** What the rounds of one case gave. */
export interface Timed {
  /** Milliseconds of one run, a number a round. */
  readonly samples: ReadonlyMap<Contender, readonly number[]>;
  /** Floating-point operations of a run; null: nobody counted them. */
  readonly operations: number | null;
  /** How far each one's numbers are from the first contender's, as a share of the largest. */
  readonly differences: ReadonlyMap<Contender, number>;
  /** Who was not timed, and why. */
  readonly failures: readonly string[];
}

/** A sample takes at least this long: short work is run several times. */
const SAMPLE_MS = 60;
/** Who takes longer than this is sampled in the first rounds only. */
const SLOW_MS = 3000;
const SLOW_ROUNDS = 3;
/** Threads of the one before spin for a while when their work is done. */
const SETTLE_MS = 20;
/**
 * Of the largest number of a result. Networks in float32 agree to about 1e-5; the mantissa that the others keep of a product is
 * 2^-11, and a gradient passes through hundreds of them.
 */
const TOLERANCES: Readonly<Record<Precision, number>> = { float32: 1e-3, tf32: 3e-2, float16: 1e-1 };

/** Times all contenders in turn, round after round, so that whatever else the machine does falls on all of them. */
export async function timeInRounds(
  benchCase: BenchCase,
  contenders: readonly Contender[],
  rounds: number,
  precision: Precision,
): Promise<Timed> {
  const samples = new Map<Contender, number[]>();
  const runs = new Map<Contender, number>();
  const differences = new Map<Contender, number>();
  const failures: string[] = [];
  let reference: readonly number[] | undefined;
  let operations: number | null = null;
  for (const contender of contenders) {
    try {
      const { values, operations: counted } = await contender.prepare(benchCase);
      reference ??= values;
      const difference = differenceOf(values, reference);
      // A time is worth nothing where the work was another one.
      if (!(difference <= TOLERANCES[precision]))
        throw new Error(`computes other numbers (off by ${difference} of the largest)`);
      operations ??= counted;
      differences.set(contender, difference);
      const once = await contender.time(1);
      runs.set(contender, Math.max(1, Math.ceil(SAMPLE_MS / once)));
      // A long run is the first round's sample already.
      samples.set(contender, once > SLOW_MS ? [once] : []);
    } catch (error) {
      failures.push(`${contender.name}: ${(error as Error).message}`);
    }
  }
  for (let round = 0; round < Math.min(rounds, benchCase.rounds ?? rounds); round++) {
    for (const [contender, taken] of samples) {
      if (taken.length > round) continue;
      if (round >= SLOW_ROUNDS && taken[0]! > SLOW_MS) continue;
      await sleep(SETTLE_MS);
      taken.push(await contender.time(runs.get(contender)!));
    }
  }
  return { samples, operations, differences, failures };
}

/** The furthest of the numbers, as a share of the largest; infinite where they are not as many. */
function differenceOf(values: readonly number[], reference: readonly number[]): number {
  if (values.length !== reference.length) return Number.POSITIVE_INFINITY;
  const largest = reference.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  const furthest = reference.reduce((max, v, i) => Math.max(max, Math.abs(v - values[i]!)), 0);
  return furthest === 0 ? 0 : furthest / largest;
}
