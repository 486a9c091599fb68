import { UserError } from '../errors.ts';
import { type Comparison, compareNumber, compareTensor } from './compare.ts';
import { entries } from './entries/index.ts';
import type { Result } from './entry.ts';
import { Given, type Surroundings } from './given.ts';
import { type Case, describeTensor, readCase } from './manifest.ts';
import { Unsupported } from './unsupported.ts';
import type { Values } from './values.ts';

export type Status = 'passed' | 'failed' | 'skipped';

export interface CaseResult {
  readonly item: string;
  readonly name: string;
  readonly entry: string | null;
  /** An optional case is reported and has no effect on the exit code. */
  readonly optional: boolean;
  readonly status: Status;
  /** Why it was skipped, or failed before anything was compared; or what a pass depends on. */
  readonly reason: string | null;
  readonly seconds: number;
  readonly comparisons: readonly Comparison[];
}

/** How often a case whose gradients jump is tried again. */
const JITTERS = 8;
/** Of the gradient's norm. */
const LARGEST_JUMP = 0.01;

/** The result of an item whose manifest cannot be read. */
export function brokenItem(item: string, reason: string): CaseResult {
  const none = { entry: null, optional: false, seconds: 0, comparisons: [] };
  return { item, name: 'manifest.json', status: 'failed', reason, ...none };
}

/** Runs one entry of a manifest's `cases`. Whatever goes wrong is the case's result. */
export async function runCase(json: unknown, surroundings: Surroundings): Promise<CaseResult> {
  const started = performance.now();
  const { item } = surroundings.manifest;
  const about = { item, name: caseName(json), entry: null as string | null, optional: false };
  const end = (
    status: Status,
    reason: string | null,
    comparisons: readonly Comparison[] = [],
  ): CaseResult => ({
    ...about,
    status,
    reason,
    seconds: (performance.now() - started) / 1000,
    comparisons,
  });
  try {
    const stated = readCase(json);
    Object.assign(about, { entry: stated.entry, optional: stated.optional });
    const first = await compareAll(stated, surroundings, 0);
    if (first.length === 0) return end('failed', 'the case names nothing to compare');
    if (agrees(first)) return end('passed', null, first);
    if (entries.get(stated.entry)!.jumps && nearlyAgrees(stated, first)) {
      for (let jitter = 1; jitter <= JITTERS; jitter++) {
        const again = await compareAll(stated, surroundings, jitter);
        if (agrees(again)) return end('passed', 'agrees with its inputs moved by a float32 rounding', again);
      }
    }
    return end('failed', null, first);
  } catch (error) {
    if (error instanceof Unsupported) return end('skipped', error.message);
    if (error instanceof UserError) return end('failed', error.message);
    return end('failed', `unexpected error: ${(error as Error).message}`);
  }
}

function agrees(comparisons: readonly Comparison[]): boolean {
  return comparisons.every(({ pass }) => pass);
}

/** Only gradients disagree, and by no more than a single jump can do. */
function nearlyAgrees({ params, bind }: Case, comparisons: readonly Comparison[]): boolean {
  const stated = Array.isArray(params.gradients) ? (params.gradients as { output: string }[]) : [];
  const gradients = stated.map(({ output }) => bind[output] ?? output);
  return comparisons.every(
    ({ pass, name, relL2 }) => pass || (gradients.includes(name) && relL2 !== null && relL2 <= LARGEST_JUMP),
  );
}

async function compareAll(stated: Case, surroundings: Surroundings, jitter: number): Promise<Comparison[]> {
  const entry = entries.get(stated.entry);
  if (!entry) throw new Unsupported(`unknown entry '${stated.entry}'`);
  const given = new Given(stated, surroundings, jitter);
  try {
    // A missing asset is the case's failure whether or not the entry reads it.
    for (const { name } of stated.assets) given.asset(name);
    const results = await entry.run(given);
    const resultOf = (name: string): Result => {
      if (!Object.hasOwn(results, name)) throw new Unsupported(`${stated.entry} gives no '${name}'`);
      return results[name]!;
    };
    return [
      ...stated.outputs.map((tensor) => {
        const result = resultOf(given.argumentOf(tensor));
        if (isComparison(result)) return result;
        const { tolerance } = describeTensor(surroundings.manifest, stated.file, tensor);
        return compareTensor(tensor, asValues(result), given.stored(tensor), tolerance ?? {});
      }),
      ...stated.expect.map((expected) => compareNumber(expected, asNumber(resultOf(expected.name)))),
    ];
  } finally {
    given.close();
  }
}

function isComparison(result: Result): result is Comparison {
  return typeof result === 'object' && 'pass' in result;
}

function asValues(result: Values | number): Values {
  return typeof result === 'number' ? { shape: [1], data: Float64Array.of(result) } : result;
}

/** NaN, which agrees with nothing, for what is no single number. */
function asNumber(result: Result): number {
  if (typeof result === 'number') return result;
  return isComparison(result) || result.data.length !== 1 ? Number.NaN : Number(result.data[0]);
}

/** The name of an entry of `cases`, whatever else is wrong with it. */
export function caseName(json: unknown): string {
  const name = (json as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? name : '(unnamed)';
}
