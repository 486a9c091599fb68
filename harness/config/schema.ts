import { z } from 'zod';
import { SPLIT_NAMES } from '../data/dataset.ts';
import { PRECISIONS } from '../engine/devices/kind.ts';
import { RANDOM_FLAVOURS } from '../engine/random.ts';
import { CHART_KINDS, COSTS } from '../identity/chart-ref.ts';
import { METHOD_GROUPS } from '../identity/method-group.ts';

/** The report and its temporary file bear the name: with their endings it has to fit 255 bytes, on some systems 143. */
const LONGEST_NAME = 100;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** More processes than one machine has cores. */
const MOST_WORKERS = 1024;
const MOST_DEVICES = 64;

/** What tables call a method, beside its name. */
export const labelSchema = z
  .string()
  .max(LONGEST_NAME)
  .regex(/[^\p{C}\p{Z}]/u, 'text that can be seen')
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'text in one line')
  .describe('What tables and charts call it, in place of its own name.');

/** What kind of method it is, beside its name. */
export const groupSchema = z
  .enum(METHOD_GROUPS)
  .describe('What tables group it under, in place of what its prior says.');

/** More than anyone waits for. */
const MOST_DRAWS = 1000;

/** How many draws of each picture are one result, beside its name. */
export const drawsSchema = z
  .int()
  .min(1)
  .max(MOST_DRAWS)
  .describe('So many draws of each picture, whose pixelwise mean is the result.');

/** A line of text that can be seen; longer than a label, as captions are. */
const lineSchema = z
  .string()
  .max(1000)
  .regex(/[^\p{C}\p{Z}]/u, 'text that can be seen');

const names = z.array(z.string()).min(1).optional();

/** A table as a paper prints it. */
const tableSchema = z.strictObject({
  title: lineSchema.optional().describe('Its caption; by default the tasks and data sets.'),
  experiments: names.describe(
    "Experiments of the same results folder whose tasks stand side by side; by default this one's.",
  ),
  tasks: names.describe('Which tasks, in this order; by default all.'),
  metrics: names.describe('Which metrics, in this order; by default all.'),
  methods: names.describe('Which methods, by solver or label, in this order; by default all.'),
  groups: z.boolean().default(true).describe('Rows grouped: classical, pixel, latent, trained.'),
  intervals: z.boolean().default(false).describe('Half the 95 % interval behind each mean.'),
  footnotes: z
    .array(
      z.strictObject({
        method: z.string().optional().describe('The solver or label that has its mark; none: of the table.'),
        text: lineSchema,
      }),
    )
    .default([])
    .describe('Lines below the table.'),
});

/** The keys that mean lists: each may hold one value alone. */
export const LISTS = ['seeds', 'tasks', 'solvers', 'exclude', 'metrics', 'devices', 'plugins'] as const;

/** More rules than a person writes; each is held against every method. */
const MOST_EXCLUSIONS = 1000;

/** What is left out: the cells to which all of it applies. */
export const exclusionSchema = z.object({
  solver: z.string().optional().describe('The solver, as solvers has it.'),
  params: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'Beside solver: some of its parameters, defaults included; a list or a range means each value.',
    ),
  task: z.string().optional().describe('The task, as tasks has it.'),
  taskParams: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Beside task: some of its parameters, likewise.'),
  prior: z.string().optional().describe('The prior, as the experiment calls it.'),
});

const axisRangeSchema = z.object({
  min: z.number().optional().describe('Where it begins.'),
  max: z.number().optional().describe('Where it ends.'),
  log: z.boolean().optional().describe('Whether it is logarithmic.'),
});

/** A chart as it is written; which keys a kind has is the plan's to say. */
const chartSchema = z.object({
  kind: z
    .enum(CHART_KINDS)
    .default('sweep')
    .describe(
      'sweep: over a parameter; pareto: quality against cost; plane: two metrics; scatter: two methods, picture by picture; parallel: all parameters of a solver; convergence: over the steps.',
    ),
  x: z
    .string()
    .optional()
    .describe('sweep: solver.parameter, or a cost beside sweep; pareto: a cost; plane: a metric.'),
  y: z
    .array(z.string())
    .min(1)
    .describe(
      `Metrics; a sweep also has ${COSTS.join(', ')}; convergence has what solvers say of their steps.`,
    ),
  sweep: z.string().optional().describe('solver.parameter, where x is a cost.'),
  difference: z
    .union([z.string(), z.number(), z.boolean()])
    .optional()
    .describe('sweep: paired difference to baseline, or to the point with this value of the parameter.'),
  methods: z.array(z.string()).optional().describe('scatter: two rows, by label or solver.'),
  solver: z.string().optional().describe('parallel: the solver.'),
  xAxis: axisRangeSchema.optional().describe('Limits and scale of the horizontal axis.'),
  yAxis: axisRangeSchema.optional().describe('Limits and scale of the vertical axis.'),
});

export type ChartKeys = z.infer<typeof chartSchema>;

/** The file's own keys. What a solver, task or prior accepts is said by its own schema, not here. */
export const experimentSchema = z.object({
  name: z
    .string()
    .max(LONGEST_NAME)
    .regex(
      /^[A-Za-z0-9]([\w.-]*[\w-])?$/,
      'a name of letters, digits, ".", "_" and "-" that starts with a letter or digit and does not end in "."',
    )
    .refine((name) => !RESERVED.test(name), 'no file may have this name on Windows; choose another one')
    .describe('Names the experiment in the results and its report.'),
  prior: z.unknown().optional().describe('The diffusion prior: its name, or name: { parameters }.'),
  priors: z
    .unknown()
    .optional()
    .describe('Instead of prior: several, each under a name of its own, which is text.'),
  data: z
    .object({
      set: z.string().optional().describe('A registered data set.'),
      folder: z.string().optional().describe('Instead of set: a folder of pictures, relative to this file.'),
      manifest: z
        .string()
        .optional()
        .describe(
          'Beside folder: a file that lists its pictures, of which those asked for must be there, relative to this file.',
        ),
      split: z.enum(SPLIT_NAMES).default('test').describe('A folder has only test.'),
      count: z.int().min(1).optional().describe('The first so many pictures; all by default.'),
      items: z.array(z.string()).min(1).optional().describe('Instead of count: these pictures, by id.'),
    })
    .describe('The pictures that methods work on.'),
  seeds: z
    .array(z.int().min(0))
    .min(1)
    .default([0])
    .describe('Each method runs once a seed on each picture.'),
  rng: z
    .enum(RANDOM_FLAVOURS)
    .default('philox')
    .describe('Random numbers: philox, or torch-cpu to match a Python run of the same seed.'),
  tasks: z
    .array(z.unknown())
    .min(1)
    .describe('What methods have to do, of any kind; beside the name, override holds solver parameters.'),
  solvers: z
    .array(z.unknown())
    .describe('The methods to compare, beside the name their prior; none: the trivial baselines alone.'),
  exclude: z
    .array(exclusionSchema)
    .max(MOST_EXCLUSIONS)
    .default([])
    .describe(
      'What not to run: of solver, task, prior, params and taskParams, the cells to which all apply.',
    ),
  metrics: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'Scores of each picture, or of all that a method made; by default psnr and ssim, miou of labels.',
    ),
  batch: z
    .int()
    .min(1)
    .optional()
    .describe('Pictures that run together, of any seeds; by default 4 of up to 64x64, 1 from 128x128 on.'),
  devices: z
    .array(z.string())
    .min(1)
    .max(MOST_DEVICES)
    .default(['cpu'])
    .describe('What to compute on, see tweedie list devices; cpu:2 gives each worker two threads.'),
  precision: z
    .enum(PRECISIONS)
    .default('float32')
    .describe('Numbers inside a step: float32, or what the devices list beside it.'),
  workers: z
    .int()
    .min(1)
    .max(MOST_WORKERS)
    .optional()
    .describe(
      'Workers on each device; by default one a core, at most 4 and no more than batches, or one on an accelerator.',
    ),
  executor: z
    .unknown()
    .optional()
    .describe('Where cells run: local, on this machine, or slurm, see below; part of no result.'),
  plugins: z
    .array(z.string())
    .default([])
    .describe(
      'Modules of your own (JavaScript or TypeScript) that add solvers, tasks, metrics, data sets, priors, and YAML files that describe programs; relative to this file.',
    ),
  report: z
    .object({
      baseline: z
        .string()
        .optional()
        .describe('The solver that the others are compared with, by its name or label.'),
      charts: z
        .array(chartSchema)
        .default([])
        .describe('Charts of each table; where it holds none of them, the usual ones.'),
      tables: z
        .array(tableSchema)
        .default([])
        .describe('Tables as papers print them, several tasks side by side; by default one a task.'),
      published: z
        .array(z.string())
        .default([])
        .describe(
          'Papers whose published figures stand beside ours: see tweedie published; or files of your own, relative to this file.',
        ),
    })
    .default({ charts: [], tables: [], published: [] })
    .describe('What the HTML report shows beside its tables.'),
  tune: z.unknown().optional().describe('What tweedie tune searches, see below; other commands ignore it.'),
});

export type ExperimentKeys = z.infer<typeof experimentSchema>;
