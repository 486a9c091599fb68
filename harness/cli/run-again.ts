import { WORTH_A_RETRY } from '../scheduler/retry-policy.ts';
import type { FailureKind } from '../store/records.ts';
import { shellWord } from '../text/shell.ts';
import { printable } from '../text/terminal.ts';
import type { ComputeOptions } from './experiment-options.ts';

/** The experiment of a command line as another command is to be given it: file, results folder and what was set, for a shell. */
export function asGiven({
  config,
  results,
  set,
}: Pick<ComputeOptions, 'config' | 'results' | 'set'>): string {
  const folder = results === 'results' ? [] : ['--results', results];
  const words = [config, ...folder, ...set.flatMap((assignment) => ['--set', assignment])];
  return words
    .map((word) => (word === '--set' || word === '--results' ? word : printable(shellWord(word))))
    .join(' ');
}

/**
 * How cells that failed so are run again: a clause. Imported pictures that are missing wait for no retry: each that is added
 * makes other cells, which a run solves.
 * @param config with what was given beside it, as it is printed
 */
export function howToRunAgain(config: string, failed: readonly FailureKind[]): string {
  const kinds = failed.filter((kind) => kind !== 'missing-picture');
  const only = kinds.every((kind) => WORTH_A_RETRY.includes(kind)) ? '' : ` --only ${kinds.join(',')}`;
  return [
    ...(kinds.length > 0 ? [`to run again: tweedie retry ${config}${only}`] : []),
    ...(kinds.length < failed.length ? [`once the pictures are there: tweedie run ${config}`] : []),
  ].join('; ');
}
