import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchCase } from './case.ts';
import type { Contender } from './contender.ts';

/** What the rounds of one case gave. */
export interface Timed {
  /** Milliseconds of one run, a number a round. */
  readonly samples: ReadonlyMap<Contender, readonly number[]>;
  /** Floating-point operations of a run; null: nobody counted them. */
  readonly operations: number | null;
}

/** A sample takes at least this long: short work is run several times. */
const SAMPLE_MS = 60;
/** A contender that takes longer than this is sampled in the first rounds only. */
const SLOW_MS = 3000;
const SLOW_ROUNDS = 2;
/** Threads of the one before spin for a while when their work is done. */
const SETTLE_MS = 20;
/** Of the largest number of a result; networks in float32 agree to about 1e-5. */
const TOLERANCE = 1e-3;

/** Times all contenders in turn, round after round, so that whatever else the machine does falls on all of them. */
export async function timeInRounds(
  benchCase: BenchCase,
  contenders: readonly Contender[],
  rounds: number,
): Promise<Timed> {
  const samples = new Map<Contender, number[]>();
  const runs = new Map<Contender, number>();
  let reference: readonly number[] | undefined;
  let operations: number | null = null;
  for (const contender of contenders) {
    const { values, operations: counted } = await contender.prepare(benchCase);
    operations ??= counted;
    reference ??= values;
    refuseOther(benchCase, contender, values, reference);
    const once = await contender.time(1);
    runs.set(contender, Math.max(1, Math.ceil(SAMPLE_MS / once)));
    // A long run is the first round's sample already.
    samples.set(contender, once > SLOW_MS ? [once] : []);
  }
  for (let round = 0; round < Math.min(rounds, benchCase.rounds ?? rounds); round++) {
    for (const contender of contenders) {
      const taken = samples.get(contender)!;
      if (taken.length > round) continue;
      if (contender !== contenders[0] && round >= SLOW_ROUNDS && taken[0]! > SLOW_MS) continue;
      await sleep(SETTLE_MS);
      taken.push(await contender.time(runs.get(contender)!));
    }
  }
  return { samples, operations };
}

/** A time is worth nothing where the work was another one. */
function refuseOther(
  { name, batch }: BenchCase,
  contender: Contender,
  values: readonly number[],
  reference: readonly number[],
): void {
  const largest = reference.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  const furthest = reference.reduce((max, v, i) => Math.max(max, Math.abs(v - values[i]!)), 0);
  if (values.length === reference.length && furthest <= TOLERANCE * largest) return;
  throw new Error(
    `${name}, batch ${batch}: ${contender.name} computes other numbers (off by ${furthest} of ${largest})`,
  );
}
