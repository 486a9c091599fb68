import type { z } from 'zod';
import { check } from '../config/check.ts';
import { lookUp } from '../config/entry.ts';
import { found, type Located, type LocatedMap, singleValuesAsLists } from '../config/located.ts';
import { Mistakes } from '../config/mistakes.ts';
import { EXECUTORS, SLURM_LISTS, slurmOverrideSchema, slurmSchema } from '../config/slurm.ts';
import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';

/** Where cells run: in workers of this machine, or in arrays of jobs. */
export type ExecutorKind = (typeof EXECUTORS)[number];

/** What Slurm is asked for an element; null: what the cluster gives by itself. */
export interface Resources {
  readonly partition: string | null;
  readonly account: string | null;
  readonly gres: string | null;
  /** D-HH:MM:SS. */
  readonly time: string | null;
  /** With its unit; "0": all of a node's. */
  readonly mem: string | null;
  readonly cpus: number | null;
  /** Lines of shell before the program. */
  readonly setup: readonly string[];
  /** Options of sbatch, passed through as they are. */
  readonly args: readonly string[];
}

/** Part of no cell's key: where something was computed changes nothing of it. */
export interface Executor {
  readonly kind: ExecutorKind;
  readonly slurm: {
    readonly resources: Resources;
    /** By solver, for those that ask for something else. */
    readonly perSolver: Readonly<Record<string, Resources>>;
    /** Elements at once; null: as many as the cluster lets. */
    readonly parallel: number | null;
    /** The most batches of an element; null: as many as take about ten minutes. */
    readonly batches: number | null;
  };
}

const EXPECTED = 'local, slurm, or slurm: { what it is asked for }';

/**
 * The section `executor` of an experiment.
 * @param solvers all that are known: a file of a cluster's settings serves more than one experiment
 * @throws UserError with each mistake in it, at its place
 */
export function readExecutor(root: LocatedMap, solvers: ReadonlyMap<string, unknown>): Executor {
  const node = root.entries.get('executor')?.value;
  if (!node) return { kind: 'local', slurm: resolve({}, new Map()) };
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    const kind = EXECUTORS.find((one) => one === node.value);
    if (!kind)
      throw new UserError(
        `executor: unknown value ${found(node)}, ${nearest(node.value, EXECUTORS)}`,
        node.where,
      );
    return { kind, slurm: resolve({}, new Map()) };
  }
  if (node.kind !== 'map')
    throw new UserError(`executor: expected ${EXPECTED}; found ${found(node)}`, node.where);
  const stray = [...node.entries].find(([key]) => key !== 'slurm');
  if (stray)
    throw new UserError(`executor: expected ${EXPECTED}; found the key ${stray[0]}`, stray[1].keyWhere);
  const section = node.entries.get('slurm')?.value;
  if (!section) throw new UserError(`executor: expected ${EXPECTED}; found ${found(node)}`, node.where);
  const isEmpty = section.kind === 'scalar' && section.value === null;
  return { kind: 'slurm', slurm: isEmpty ? resolve({}, new Map()) : readSlurm(section, solvers) };
}

function readSlurm(section: Located, solvers: ReadonlyMap<string, unknown>): Executor['slurm'] {
  const mistakes = new Mistakes();
  const keys = mistakes.attempt(() => check(slurmSchema, withLists(section), 'executor.slurm'));
  const written = section.kind === 'map' ? section.entries.get('perSolver')?.value : undefined;
  const overrides = new Map(
    [...(written?.kind === 'map' ? written.entries : [])].flatMap(([name, { keyWhere, value }]) => {
      mistakes.attempt(() => lookUp(solvers, name, 'solver', keyWhere));
      const label = `executor.slurm.perSolver.${name}`;
      const own = mistakes.attempt(() => check(slurmOverrideSchema, withLists(value), label));
      return own ? [[name, own] as const] : [];
    }),
  );
  mistakes.refuse();
  return resolve(keys!, overrides);
}

function withLists(node: Located): Located {
  return node.kind === 'map' ? singleValuesAsLists(node, SLURM_LISTS) : node;
}

/** What is asked for, as it is written. */
export type Asked = z.infer<typeof slurmOverrideSchema>;

/** The same executor where a command asks for something else: that counts for every solver. */
export function askingInstead(slurm: Executor['slurm'], asked: Asked): Executor['slurm'] {
  const own = Object.entries(resourcesOf(asked)).filter(([key]) => asked[key as keyof Asked] !== undefined);
  const instead = (resources: Resources): Resources => ({ ...resources, ...Object.fromEntries(own) });
  return {
    ...slurm,
    resources: instead(slurm.resources),
    perSolver: Object.fromEntries(
      Object.entries(slurm.perSolver).map(([name, resources]) => [name, instead(resources)]),
    ),
  };
}

function resolve(
  keys: z.infer<typeof slurmSchema>,
  overrides: ReadonlyMap<string, Asked>,
): Executor['slurm'] {
  return {
    resources: resourcesOf(keys),
    perSolver: Object.fromEntries(
      [...overrides].map(([name, own]) => [name, resourcesOf({ ...keys, ...own })]),
    ),
    parallel: keys.parallel ?? null,
    batches: keys.batches ?? null,
  };
}

function resourcesOf({ partition, account, gres, time, mem, cpus, setup, args }: Asked): Resources {
  return {
    partition: partition ?? null,
    account: account ?? null,
    gres: gres === undefined || gres === 'none' ? null : gres,
    time: time === undefined ? null : slurmTime(time),
    mem: mem ?? null,
    cpus: cpus ?? null,
    setup: setup ?? [],
    args: args ?? [],
  };
}

const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60 };

/** `90m`, `4h`, `2d` as D-HH:MM:SS; what is written as Slurm reads it stays. */
function slurmTime(written: string): string {
  const minutes = MINUTES[written.at(-1)!];
  if (minutes === undefined) return written;
  const all = Number(written.slice(0, -1)) * minutes;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(all / (24 * 60))}-${two(Math.floor(all / 60) % 24)}:${two(all % 60)}:00`;
}
