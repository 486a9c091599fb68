import type { Argv } from 'yargs';
import { quoted } from '../config/located.ts';
import { slurmOverrideSchema } from '../config/slurm.ts';
import { UserError } from '../errors.ts';
import { type Asked, askingInstead, type Executor } from '../plan/executor.ts';
import type { GlobalOptions } from './options.ts';

/** Options by which elements of Slurm's arrays ask for something else than the file says. */
export interface AskedOptions {
  mem: string | undefined;
  time: string | undefined;
  partition: string | undefined;
  gres: string | undefined;
}

const DESCRIBED: Readonly<Record<keyof AskedOptions, string>> = {
  mem: 'Memory of an element, as 48G',
  time: 'The longest that an element may take, as 8h',
  partition: 'Where elements run',
  gres: 'What an element gets beside processors, as gpu:a100_80:1',
};
const NAMES = Object.keys(DESCRIBED) as (keyof AskedOptions)[];

export function askedOptions<T extends GlobalOptions>(cli: Argv<T>): Argv<T & AskedOptions> {
  let described: Argv<T> = cli;
  for (const name of NAMES)
    described = described.option(name, {
      type: 'string',
      requiresArg: true,
      describe: `${DESCRIBED[name]}, whatever the file asks Slurm for any solver`,
    });
  return described as Argv<T & AskedOptions>;
}

/** What these options ask for. @throws UserError where that is nothing that can be asked for */
export function askedBy(options: AskedOptions): Asked {
  const given = NAMES.flatMap((name) =>
    options[name] === undefined ? [] : [[name, options[name]] as const],
  );
  for (const [name, value] of given) {
    const { error } = slurmOverrideSchema.shape[name].safeParse(value);
    if (error) throw new UserError(`--${name}: expected ${error.issues[0]!.message}, found ${quoted(value)}`);
  }
  return Object.fromEntries(given);
}

/** @throws UserError where something is asked of an executor that gives nothing */
export function executorAsking(executor: Executor, asked: Asked): Executor {
  const [option] = Object.keys(asked);
  if (option === undefined) return executor;
  if (executor.kind !== 'slurm')
    throw new UserError(
      `--${option} asks Slurm: expected --executor slurm, or executor: slurm in the file; here a cell has what the machine has, and with --workers 1 to itself`,
    );
  return { ...executor, slurm: askingInstead(executor.slurm, asked) };
}
