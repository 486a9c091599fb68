import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { shellWord } from '../../text/shell.ts';
import { rangesOf } from './array-indices.ts';
import type { ArrayJob } from './cluster.ts';

/** How long before its time limit an element is told, so that it can write down what it has. */
const WARNED_SECONDS = 120;

/** Where the output of an element goes, all its lives one after the other. */
export function logFile(logDir: string, job: string, index: number): string {
  return join(logDir, `${job}_${index}.log`);
}

/** Options of sbatch by name; null: without a value. */
type Options = readonly (readonly [name: string, value: string | null])[];

/**
 * The script of an array. What Slurm reads in its comments and what the shell reads are quoted each in its own way, so that
 * no name means anything.
 * @throws UserError where the path of the logs cannot be told to Slurm
 */
export function sbatchScript(job: ArrayJob): string {
  const options = optionsOf(job).map(
    ([name, value]) => `--${name}${value === null ? '' : `=${slurmWord(value)}`}`,
  );
  return [
    '#!/bin/bash',
    ...options.map((option) => `#SBATCH ${option}`),
    '',
    ...job.resources.setup,
    // In the shell's place: signals to the batch shell alone reach the element.
    `exec ${job.command.map(shellWord).join(' ')} "$SLURM_ARRAY_TASK_ID"`,
    '',
  ].join('\n');
}

/** The script's options as arguments: a person's SBATCH_PARTITION and its like weigh more than the script, but less than these. */
export function sbatchArguments(job: ArrayJob): string[] {
  return optionsOf(job).map(([name, value]) => `--${name}${value === null ? '' : `=${value}`}`);
}

function optionsOf({ name, indices, parallel, resources, logDir }: ArrayJob): Options {
  const { partition, account, gres, time, mem, cpus, args } = resources;
  const most = parallel === null ? '' : `%${parallel}`;
  const asked = { partition, account, gres, time, mem, 'cpus-per-task': cpus };
  return [
    ['job-name', name],
    ['array', rangesOf(indices) + most],
    ['output', `${escapedPath(logDir)}/%A_%a.log`],
    ['open-mode', 'append'],
    ['requeue', null],
    // B: to the batch shell alone, which the element is.
    ['signal', `B:USR2@${WARNED_SECONDS}`],
    ...Object.entries(asked).flatMap(([option, value]) =>
      value === null ? [] : [[option, String(value)] as const],
    ),
    ...args.map((argument) => {
      const [, option = '', value = null] = /^--([^=]+)(?:=(.*))?$/.exec(argument) ?? [];
      return [option, value] as const;
    }),
  ];
}

/** In a `#SBATCH` line a space ends a value, `#` begins a comment, quotes quote and a backslash escapes. */
function slurmWord(text: string): string {
  if (/[\n\r]/.test(text)) throw new Error(`a line break in an option of sbatch: ${JSON.stringify(text)}`);
  return /^[\w:.,%@/+=-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Slurm replaces `%a` in the names of logs; a backslash turns that off for the whole name. */
function escapedPath(path: string): string {
  if (/[\\\n\r]/.test(path))
    throw new UserError(
      `${JSON.stringify(path)}: Slurm cannot write logs where a path holds a backslash or a line break; expected another --results folder`,
    );
  return path.replaceAll('%', '%%');
}
