import { UserError } from '../errors.ts';
import type { Registries } from '../plan/registries.ts';
import { setRows } from '../store/configurations.ts';
import {
  costs,
  experimentMetrics,
  experimentStatus,
  failureRows,
  imageRows,
  metricRows,
  provenance,
} from '../store/queries.ts';
import type { MetricRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import type { MetricInfo, ReportSource, SolverInfo } from './source.ts';
import { metricName } from './titles.ts';

type Known = Pick<Registries, 'solvers' | 'tasks' | 'metrics'>;

/**
 * Gathers an experiment's results; `known` names solvers, baselines and metrics, `generatedAt` is the date printed.
 * @throws UserError where nothing has a result yet, or a metric is not known to this program.
 */
export function fromStore(store: Store, experiment: string, known: Known, generatedAt: Date): ReportSource {
  const rows = [...metricRows(store, experiment)];
  const sets = setRows(store, experiment);
  if (rows.length + sets.length === 0)
    throw new UserError(`experiment "${experiment}" has no results yet: run it first`);
  const { configFile, configText, report, priors, runs } = provenance(store, experiment);
  const { total, done } = experimentStatus(store, experiment);
  return {
    experiment,
    config: { path: configFile, text: configText },
    generatedAt,
    baseline: report.baseline,
    charts: report.charts,
    rows,
    setRows: sets,
    images: imageRows(store, experiment),
    resultsDir: store.dir,
    costs: costs(store, experiment),
    runs: runs.map(({ id, started, ended, devices, host, versions, commit, dirty }) => ({
      id: String(id),
      startedAt: started,
      endedAt: ended,
      devices,
      machine: host,
      versions,
      git: commit === null ? null : { commit, dirty },
    })),
    priors,
    solvers: solverInfos([...rows, ...sets], known),
    metrics: metricInfos(experimentMetrics(store, experiment), known),
    cells: { planned: total, done },
    failures: failureRows(store, experiment),
  };
}

function solverInfos(
  rows: readonly Pick<MetricRow, 'solver' | 'task'>[],
  { solvers, tasks }: Known,
): SolverInfo[] {
  const baselines = new Set(rows.map(({ task }) => tasks.get(task)?.baseline?.name));
  return [...new Set(rows.map(({ solver }) => solver))].map((name) => {
    const paper = solvers.get(name)?.paper;
    // Methods are acronyms, as papers print them; baselines are plain words.
    return {
      name,
      title: paper ? name.toUpperCase() : name,
      paper: paper ?? '',
      trivial: baselines.has(name),
    };
  });
}

function metricInfos(names: readonly string[], { metrics }: Known): MetricInfo[] {
  return names.map((name) => {
    const metric = metrics.get(name);
    if (!metric) throw new UserError(`the results hold metric "${name}", which this program does not know`);
    const { title = metricName(name), better, digits, unit } = metric;
    return { name, title, better, digits, ...(unit === undefined ? {} : { unit }) };
  });
}
