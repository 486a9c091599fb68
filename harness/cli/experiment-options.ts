import type { Argv } from 'yargs';
import { EXECUTORS } from '../config/slurm.ts';
import { UserError } from '../errors.ts';
import type { ExecutorKind } from '../plan/executor.ts';
import { LONGEST_SECONDS, type TimeLimits } from '../worker/watchdog.ts';
import type { GlobalOptions } from './options.ts';

/** The experiment file of a command. */
export const CONFIG = { type: 'string', demandOption: true, describe: 'Experiment file (YAML)' } as const;

/** The same of commands that take several. */
export const CONFIGS = {
  type: 'string',
  array: true,
  demandOption: true,
  describe: 'Experiment files (YAML), each an experiment of its own',
} as const;

/** Options of the commands that compute cells. */
export interface ComputeOptions extends GlobalOptions {
  config: string;
  set: string[];
  workers: number | undefined;
  device: string | undefined;
  timeout: number | undefined;
  stallTimeout: number;
  failFast: boolean;
  json: boolean;
}

/** Options of the commands that compute an experiment and write its report. */
export interface ExperimentOptions extends ComputeOptions {
  report: boolean;
}

/** Options of the commands that solve. */
export interface SolvingOptions extends ExperimentOptions {
  trace: boolean;
  executor: ExecutorKind | undefined;
}

/** Timers of Node count milliseconds in 32 bits; a longer one would go off at once. */
const LONGEST_TIMEOUT = Math.floor((2 ** 31 - 1) / 1000);

function refuseLongTimeout(seconds: number): number {
  if (seconds > LONGEST_TIMEOUT)
    throw new UserError(`--timeout ${seconds}: expected at most ${LONGEST_TIMEOUT} seconds (24 days)`);
  return seconds;
}

export function experimentOptions<T extends GlobalOptions>(cli: Argv<T>): Argv<T & ExperimentOptions> {
  const described = computeOptions(cli).option('report', {
    type: 'boolean',
    default: true,
    describe: 'Write the HTML report at the end (--no-report: do not)',
  });
  return described as unknown as Argv<T & ExperimentOptions>;
}

export function solvingOptions<T extends GlobalOptions>(cli: Argv<T>): Argv<T & SolvingOptions> {
  const described = experimentOptions(cli)
    .option('trace', {
      type: 'boolean',
      default: false,
      describe:
        'Keep what solvers say of their steps, for the report; cells that are done are not solved again',
    })
    .option('executor', {
      choices: EXECUTORS,
      requiresArg: true,
      describe: "Instead of the file's executor: local or slurm",
    });
  return described as unknown as Argv<T & SolvingOptions>;
}

export function computeOptions<T extends GlobalOptions>(cli: Argv<T>): Argv<T & ComputeOptions> {
  const described = cli
    .option('set', {
      type: 'string',
      array: true,
      default: [] as string[],
      requiresArg: true,
      describe: 'Change a key of the file: key=value',
    })
    .option('workers', { type: 'number', requiresArg: true, describe: 'Workers on each device' })
    .option('device', {
      type: 'string',
      requiresArg: true,
      describe: "Instead of the file's devices: cpu, wasm, ...",
    })
    .option('timeout', {
      type: 'number',
      requiresArg: true,
      describe: 'Seconds that a batch may take once its prior is loaded; no limit by default',
      coerce: refuseLongTimeout,
    })
    .option('stall-timeout', {
      type: 'number',
      requiresArg: true,
      default: 1800,
      describe: 'Seconds without a step or a result after which a batch is stopped; 0: no limit',
    })
    .option('fail-fast', { type: 'boolean', default: false, describe: 'Stop at the first failed cell' })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print one JSON document at the end, no progress',
    });
  // yargs also sets failFast for fail-fast and stallTimeout for stall-timeout, which its types do not say.
  return described as unknown as Argv<T & ComputeOptions>;
}

/** @throws UserError where a limit is no time. */
export function timeLimits({ timeout, stallTimeout }: ComputeOptions): TimeLimits {
  if (timeout !== undefined && !(timeout > 0 && timeout <= LONGEST_SECONDS)) {
    throw new UserError(
      `--timeout ${timeout}: expected a number of seconds above 0, at most ${LONGEST_SECONDS}`,
    );
  }
  if (!(stallTimeout >= 0 && stallTimeout <= LONGEST_SECONDS)) {
    throw new UserError(
      `--stall-timeout ${stallTimeout}: expected a number of seconds, at most ${LONGEST_SECONDS}, or 0 for no limit`,
    );
  }
  return { batchSeconds: timeout ?? null, stallSeconds: stallTimeout === 0 ? null : stallTimeout };
}
