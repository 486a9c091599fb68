import { UserError } from '../errors.ts';
import { drawsOf, namedByDraws } from '../identity/mean-of-draws.ts';
import type { Registries } from '../plan/registries.ts';
import type { Paper } from '../published/paper.ts';
import { type PaperReference, readPaper } from '../published/read.ts';
import { setRows } from '../store/configurations.ts';
import { priorNameOf, readNamed } from '../store/methods.ts';
import {
  costs,
  experimentMetrics,
  experimentStatus,
  type FailureRow,
  failureRows,
  hasScores,
  imageRows,
  metricRows,
  skippedRows,
  traceRows,
} from '../store/queries.ts';
import type { MethodRow, Named, TraceRow } from '../store/rows.ts';
import { experimentFile, provenance } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { elementsTogether } from './element-runs.ts';
import { SHOWN_ITEMS } from './gallery-model.ts';
import type { FailedCell, MetricInfo, ReportSource } from './source.ts';

type Known = Pick<Registries, 'solvers' | 'tasks' | 'metrics'>;

/**
 * Gathers an experiment's results; `known` has the solvers' papers and the metrics, `generatedAt` is the date printed.
 * @throws UserError where nothing has a result yet
 */
export function fromStore(store: Store, experiment: string, known: Known, generatedAt: Date): ReportSource {
  const source = gather(store, experiment, known, generatedAt);
  const asked = new Set(source.tables.flatMap(({ experiments }) => experiments ?? []));
  // Also versions of experiments, NAME@2.
  const there = [...asked].filter((name) => name !== experiment && hasNumbers(store, name));
  const others = there.map((name) => [name, gather(store, name, known, generatedAt)] as const);
  return { ...source, others: new Map(others) };
}

function gather(store: Store, experiment: string, known: Known, generatedAt: Date): ReportSource {
  const stored = { rows: metricRows(store, experiment), sets: setRows(store, experiment) };
  if (stored.rows.length + stored.sets.length === 0)
    throw new UserError(`experiment "${experiment}" has no results yet: run it first`);
  const metrics = experimentMetrics(store, experiment);
  const isKnown = ({ metric }: { readonly metric: string }) => known.metrics.has(metric);
  const [rows, sets] = [stored.rows.filter(isKnown), stored.sets.filter(isKnown)];
  const { configFile, configText, report, priors, runs } = provenance(store, experiment);
  const { total, done } = experimentStatus(store, experiment);
  const skipped = skippedRows(store, experiment);
  const failures = failedCells(store, experiment);
  const all = [...rows, ...sets, ...skipped, ...failures];
  const { methods, settings } = readNamed(store);
  return {
    experiment,
    config: { path: configFile, text: configText },
    generatedAt,
    baseline: report.baseline,
    charts: report.charts,
    tables: report.tables ?? [],
    others: new Map(),
    published: publishedIn(report.published ?? [], known),
    rows,
    setRows: sets,
    images: imageRows(store, experiment, SHOWN_ITEMS),
    resultsDir: store.dir,
    costs: costs(store, experiment),
    runs: elementsTogether(runs).map(({ id, started, ended, devices, host, versions, commit, dirty }) => ({
      id: String(id),
      startedAt: started,
      endedAt: ended,
      devices,
      machine: host,
      versions,
      git: commit === null ? null : { commit, dirty },
    })),
    priors,
    seen: report.seen ?? [],
    methods: [...new Set(all.map(({ method }) => method))].map((key) => {
      const method = methods.get(key)!;
      const title = report.labels?.[key];
      return {
        ...method,
        title: titleOf({ ...method, ...(title !== undefined && { title }) }),
        group: report.groups?.[key] ?? null,
        paper: paperOf(method, known),
        priorName: priorNameOf(method, report.priors),
      };
    }),
    settings: [...new Set(all.map(({ setting }) => setting))].map((key) => settings.get(key)!),
    metrics: metricInfos(metrics, known),
    unknownMetrics: metrics.filter((name) => !known.metrics.has(name)),
    cells: { planned: total, done },
    failures,
    traces: firstTraces(store, experiment, methods),
    skipped,
  };
}

/** A file of one's own may be gone, or be another one by now: its figures are missing then, and nothing else. */
function publishedIn(references: readonly PaperReference[], known: Known): ReportSource['published'] {
  const papers: Paper[] = [];
  const problems: string[] = [];
  for (const reference of references) {
    try {
      papers.push(readPaper(reference, known));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(`no published figures of ${reference}: ${error.message}`);
    }
  }
  return { papers, problems };
}

/** What a method is called, which says that its pictures are means. */
function titleOf({ title, params }: Pick<MethodRow, 'title' | 'params'>): string {
  return namedByDraws(title, drawsOf(params));
}

function firstTraces(store: Store, experiment: string, methods: Named['methods']): ReportSource['traces'] {
  const first = new Map<string, TraceRow>();
  for (const row of traceRows(store, experiment)) {
    const key = `${row.method}\n${row.setting}`;
    if (!first.has(key)) first.set(key, row);
  }
  return [...first.values()].map((row) => ({ ...row, title: titleOf(methods.get(row.method)!) }));
}

/** The cells of an experiment that have failed, with what it calls their priors. */
export function failedCells(store: Store, experiment: string): (FailedCell & FailureRow)[] {
  const { methods } = readNamed(store);
  const { priors } = experimentFile(store, experiment).report;
  return failureRows(store, experiment).map((row) => ({
    ...row,
    prior: priorNameOf(methods.get(row.method)!, priors),
  }));
}

/** Whether an experiment has a number to show, be it of one picture of a run that has just begun. */
export function hasNumbers(store: Store, experiment: string): boolean {
  return hasScores(store, experiment) || setRows(store, experiment).length > 0;
}

/** Of the solver as this program has it: a citation is no part of the results. */
function paperOf({ kind, name }: MethodRow, { solvers }: Pick<Known, 'solvers'>): string {
  return (kind === 'solver' && solvers.get(name)?.paper) || '';
}

function metricInfos(names: readonly string[], { metrics }: Known): MetricInfo[] {
  return names.flatMap((name) => {
    const metric = metrics.get(name);
    if (!metric) return [];
    const { title = name, better, digits, unit, ranked } = metric;
    return [
      {
        ...{ name, title, better, digits },
        ...(ranked === false && { ranked }),
        ...(unit !== undefined && { unit }),
      },
    ];
  });
}
