import { z } from 'zod';

/** What one restored picture costs: an axis can show it as it shows a metric. */
export const COSTS = ['seconds', 'evaluations', 'memory'] as const;
export type CostName = (typeof COSTS)[number];

const range = z.object({
  min: z.number().optional(),
  max: z.number().optional(),
  log: z.boolean().optional(),
});
/** Limits of an axis, and whether it is logarithmic; what is left out follows from the numbers. */
export type AxisRange = Readonly<z.infer<typeof range>>;

const axes = { xAxis: range.optional(), yAxis: range.optional() };
const names = z.array(z.string()).min(1).readonly();
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** The kinds of charts, by their tag `kind`. */
const kinds = {
  /** Metrics or costs (`y`) over one parameter, `solver.parameter` under `sweep` or as `x`; over a cost where `x` is one. */
  sweep: z.object({
    kind: z.literal('sweep'),
    sweep: z.string().optional(),
    x: z.string(),
    y: names,
    /** Show y's paired difference to the baseline, or to the sweep's point at this value. */
    difference: scalar.optional(),
    ...axes,
  }),
  /** Metrics (`y`) of all methods against a cost (`x`). */
  pareto: z.object({ kind: z.literal('pareto'), x: z.enum(COSTS), y: names, ...axes }),
  /** All methods in the plane of two metrics. */
  plane: z.object({ kind: z.literal('plane'), x: z.string(), y: names, ...axes }),
  /** Metrics of each picture: one method against another. */
  scatter: z.object({
    kind: z.literal('scatter'),
    methods: z.array(z.string()).length(2).readonly(),
    y: names,
    ...axes,
  }),
  /** All settings of one solver, an axis for each parameter that differs. */
  parallel: z.object({ kind: z.literal('parallel'), solver: z.string(), y: names }),
  /** What methods say of their steps. */
  convergence: z.object({ kind: z.literal('convergence'), y: names, ...axes }),
} as const;

export type ChartKind = keyof typeof kinds;
export const CHART_KINDS = Object.keys(kinds) as [ChartKind, ...ChartKind[]];

/** Keys of a kind beside `kind`, and whether it can do without them. */
export function chartKeys(kind: ChartKind): { readonly key: string; readonly optional: boolean }[] {
  return Object.entries(kinds[kind].shape)
    .filter(([key]) => key !== 'kind')
    .map(([key, schema]) => ({ key, optional: schema instanceof z.ZodOptional }));
}

/** A chart as an experiment asks for it; one without a kind is a sweep. */
export const chartRefSchema = z.preprocess(
  (value) => (typeof value === 'object' ? { kind: 'sweep', ...value } : value),
  z.discriminatedUnion('kind', [
    kinds.sweep,
    kinds.pareto,
    kinds.plane,
    kinds.scatter,
    kinds.parallel,
    kinds.convergence,
  ]),
);

export type ChartRef = Readonly<z.infer<typeof chartRefSchema>>;
export type ChartOf<K extends ChartKind> = Extract<ChartRef, { readonly kind: K }>;
