import { lookUp } from '../config/entry.ts';
import { type Located, nodeAt, quoted } from '../config/located.ts';
import type { ChartKeys } from '../config/schema.ts';
import { UserError } from '../errors.ts';
import { canonicalJson } from '../identity/canonical.ts';
import {
  type AxisRange,
  type ChartOf,
  type ChartRef,
  COSTS,
  chartKeys,
  chartRefSchema,
} from '../identity/chart-ref.ts';
import { formatParam } from '../identity/param-text.ts';
import type { Params } from '../identity/refs.ts';
import { nearest } from '../names.ts';
import type { Solver } from '../solvers/solver.ts';

/** What a chart may name. */
export interface ChartNames {
  readonly solvers: ReadonlyMap<string, Solver>;
  readonly metrics: readonly string[];
  readonly baseline: string | null;
  /** The settings of solvers on each task; null where they are not known. */
  readonly points: readonly (readonly { readonly solver: Solver; readonly params: Params }[])[] | null;
}

/** A chart that the report is to draw. @throws UserError at what it names and there is not */
export function readChart(chart: ChartKeys, node: Located, named: ChartNames): ChartRef {
  const own = chartKeys(chart.kind);
  for (const key of Object.keys(chart)) {
    if (key === 'kind' || own.some((one) => one.key === key)) continue;
    const names = own.map((one) => one.key);
    throw new UserError(
      `a chart of kind ${chart.kind} has no key ${quoted(key)}: ${nearest(key, names)}`,
      nodeAt(node, [key]).where,
    );
  }
  const missing = own.find(({ key, optional }) => !optional && !(key in chart));
  if (missing)
    throw new UserError(`missing key ${quoted(missing.key)} of a chart of kind ${chart.kind}`, node.where);
  for (const along of ['xAxis', 'yAxis'] as const) checkRange(chart[along] ?? {}, nodeAt(node, [along]));
  if (chart.kind === 'pareto') lookUp(among(COSTS), chart.x!, 'cost', nodeAt(node, ['x']).where);
  if (chart.kind === 'scatter' && chart.methods!.length !== 2)
    throw new UserError(
      `methods: expected two, found ${chart.methods!.length}`,
      nodeAt(node, ['methods']).where,
    );
  if (chart.kind === 'scatter' && chart.methods![0] === chart.methods![1])
    throw new UserError(
      `methods: expected two rows, found ${quoted(chart.methods![0]!)} twice`,
      nodeAt(node, ['methods', 1]).where,
    );
  const ref = chartRefSchema.parse(chart);
  if (ref.kind === 'sweep') checkSweep(ref, node, named);
  if (ref.kind === 'plane') checkMetric(ref.x, nodeAt(node, ['x']), named);
  if (ref.kind === 'parallel') checkParallel(ref.solver, nodeAt(node, ['solver']), named);
  if (ref.kind !== 'convergence')
    for (const [i, name] of ref.y.entries())
      if (ref.kind !== 'sweep' || !isCost(name)) checkMetric(name, nodeAt(node, ['y', i]), named);
  return ref;
}

function checkSweep(ref: ChartOf<'sweep'>, node: Located, { solvers, baseline, points }: ChartNames): void {
  const path = ref.sweep ?? ref.x;
  const { where } = nodeAt(node, [ref.sweep === undefined ? 'x' : 'sweep']);
  if (ref.sweep === undefined && isCost(ref.x))
    throw new UserError(`x: ${ref.x} needs sweep: solver.parameter beside it, or kind: pareto`, where);
  if (ref.sweep !== undefined) lookUp(among(COSTS), ref.x, 'cost', nodeAt(node, ['x']).where);
  const [name = '', parameter = '', ...rest] = path.split('.');
  if (!parameter || rest.length > 0)
    throw new UserError(`expected solver.parameter, found ${quoted(path)}`, where);
  const solver = lookUp(solvers, name, "solver among this experiment's", where);
  lookUp(new Map(Object.entries(solver.params.shape)), parameter, `parameter of ${name}`, where);
  if (ref.difference === undefined) return;
  const at = nodeAt(node, ['difference']).where;
  if (ref.difference === 'baseline') {
    if (baseline === null)
      throw new UserError('difference: baseline needs report.baseline: the solver to compare with', at);
    return;
  }
  const values = points
    ?.flat()
    .filter((point) => point.solver.name === name)
    .map(({ params }) => params[parameter]);
  if (values) lookUp(among(values.map(formatParam)), formatParam(ref.difference), `value of ${path}`, at);
}

/** Lines of such a chart are settings that differ. */
function checkParallel(name: string, { where }: Located, { solvers, points }: ChartNames): void {
  lookUp(solvers, name, "solver among this experiment's", where);
  const settings = points?.map(
    (ofTask) =>
      new Set(ofTask.filter(({ solver }) => solver.name === name).map(({ params }) => canonicalJson(params)))
        .size,
  );
  if (settings && Math.max(...settings) < 2)
    throw new UserError(
      `solver: ${name} has one setting here; expected a solver with several, as of a list of values`,
      where,
    );
}

function checkMetric(name: string, node: Located, { metrics }: ChartNames): void {
  lookUp(among(metrics), name, "metric among this experiment's", node.where);
}

function checkRange({ min, max, log }: AxisRange, node: Located): void {
  if (min !== undefined && max !== undefined && min >= max)
    throw new UserError(`min: expected less than max (${max}), found ${min}`, nodeAt(node, ['min']).where);
  for (const [key, value] of Object.entries({ min, max }))
    if (log === true && value !== undefined && value <= 0)
      throw new UserError(
        `${key}: expected more than 0 on a logarithmic axis, found ${value}`,
        nodeAt(node, [key]).where,
      );
}

function isCost(name: string): boolean {
  return COSTS.some((cost) => cost === name);
}

function among(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name, name]));
}
