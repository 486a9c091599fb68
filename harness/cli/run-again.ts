import { WORTH_A_RETRY } from '../scheduler/retry-policy.ts';
import type { FailureKind } from '../store/records.ts';

/**
 * How cells that failed so are run again: a clause. Imported pictures that are missing wait for no retry: each that is added
 * makes other cells, which a run solves.
 * @param config as it is printed
 */
export function howToRunAgain(config: string, failed: readonly FailureKind[]): string {
  const kinds = failed.filter((kind) => kind !== 'missing-picture');
  const only = kinds.every((kind) => WORTH_A_RETRY.includes(kind)) ? '' : ` --only ${kinds.join(',')}`;
  return [
    ...(kinds.length > 0 ? [`to run again: tweedie retry ${config}${only}`] : []),
    ...(kinds.length < failed.length ? [`once the pictures are there: tweedie run ${config}`] : []),
  ].join('; ');
}
