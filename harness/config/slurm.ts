import { z } from 'zod';

/** One word: it becomes the value of an option of sbatch. */
const wordSchema = z.string().regex(/^[!-~]+$/, 'one word');

const TIME = /^(?:[1-9]\d*[mhd]|\d+-\d{1,2}(?::\d{2}){0,2}|\d+:\d{2}:\d{2})$/;
const MEMORY = /^(?:0|[1-9]\d*[KMGT])$/;

/** Options of sbatch that have a key of their own; by their names, the keys. */
const HAVE_KEYS: ReadonlyMap<string, string> = new Map([
  ['partition', 'partition'],
  ['account', 'account'],
  ['gres', 'gres'],
  ['time', 'time'],
  ['mem', 'mem'],
  ['cpus-per-task', 'cpus'],
]);

/** Options of sbatch on whose values the driver depends, and those that submit nothing. */
const OURS = [
  'array',
  'job-name',
  'output',
  'error',
  'input',
  'open-mode',
  'signal',
  'requeue',
  'no-requeue',
  'wait',
  'wrap',
  'parsable',
  'clusters',
  'test-only',
  'help',
  'usage',
  'version',
] as const;

/** Why an argument cannot be passed through; null: it can. getopt takes the beginning of a name for the whole. */
function refusedArgument(argument: string): string | null {
  const name = argument.slice(2).split('=')[0]!;
  const [, key] = [...HAVE_KEYS].find(([option]) => option.startsWith(name)) ?? [];
  if (key !== undefined) return `${argument} has a key of its own: expected ${key}`;
  const ours = OURS.find((option) => option.startsWith(name));
  return ours === undefined ? null : `--${ours} is set by tweedie itself, found ${argument}`;
}

const argumentSchema = z
  .string()
  .regex(/^--[a-z][a-z-]*(?:=[ -~]*)?$/, 'a long option of sbatch, as --qos=normal')
  .refine((argument) => !argument.startsWith('--') || refusedArgument(argument) === null, {
    error: ({ input }) => refusedArgument(String(input)) ?? '',
  });

const asked = {
  partition: wordSchema.optional().describe('Where to run, in place of the default partition.'),
  account: wordSchema.optional().describe('Whom it is charged to.'),
  gres: wordSchema.optional().describe('What an element gets beside processors, as gpu:1; none: nothing.'),
  time: z.coerce
    .string<unknown>()
    .regex(TIME, 'a time, as 90m, 4h or 2d, or as Slurm writes it: D-HH:MM:SS')
    .optional()
    .describe("The longest that an element may take: 90m, 4h, 2d, or Slurm's own D-HH:MM:SS."),
  mem: z.coerce
    .string<unknown>()
    .regex(MEMORY, 'a whole number with its unit, K, M, G or T, as 48G')
    .optional()
    .describe("Memory of an element: a number and K, M, G or T; 0: all of its node's."),
  cpus: z.int().min(1).optional().describe('Processors of an element.'),
  setup: z.array(z.string()).optional().describe('Lines of shell before the program, as module load cuda.'),
  args: z
    .array(argumentSchema)
    .optional()
    .describe('More options for sbatch, passed through as they are: --qos=normal.'),
};

/** What may be asked for one solver. */
export const slurmOverrideSchema = z.object(asked);

/** `executor: { slurm: ... }`: what each element of an array asks the cluster for. */
export const slurmSchema = z.object({
  ...asked,
  parallel: z.int().min(1).optional().describe('Elements at once; by default as many as the cluster lets.'),
  batches: z
    .int()
    .min(1)
    .optional()
    .describe('The most batches of an element; by default as many as take 10 minutes.'),
  perSolver: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('By solver, what of this is different for it: p2l: { mem: 80G }.'),
});

/** The keys that mean lists. */
export const SLURM_LISTS = ['setup', 'args'] as const;

export const EXECUTORS = ['local', 'slurm'] as const;
