import { resolve } from 'node:path';
import { lookUp } from '../config/entry.ts';
import { type Located, nodeAt, plain } from '../config/located.ts';
import type { ExperimentKeys } from '../config/schema.ts';
import { pathBeside } from '../config/text.ts';
import { isOwnFile, type PaperReference, readPaper } from '../published/read.ts';
import type { Plan } from './plan.ts';
import type { Registries } from './registries.ts';
import { type ChartNames, readChart } from './report-chart.ts';
import { type OwnNames, readTables } from './report-tables.ts';

/** What a report's keys may name: solvers and metrics of the experiment; in published figures, all that there are. */
interface ReportNames extends Pick<ChartNames, 'solvers' | 'points'> {
  readonly registries: Registries;
  /** What the experiment itself names. */
  readonly own: OwnNames;
}

/** What a plan has of them. */
export type ReportParts = Pick<Plan['report'], 'baseline' | 'charts' | 'tables' | 'published'>;

/** What the report shows. */
export function readReport(
  report: ExperimentKeys['report'],
  node: Located,
  { solvers, registries, own, points }: ReportNames,
): ReportParts {
  const { baseline = null, charts } = report;
  if (baseline !== null)
    lookUp(
      new Map(own.methods.map((name) => [name, name])),
      baseline,
      "report.baseline among this experiment's solvers and labels",
      nodeAt(node, ['baseline']).where,
    );
  const named = { solvers, metrics: own.metrics, baseline, points };
  return {
    baseline,
    charts: charts.map((chart, i) => readChart(chart, nodeAt(node, ['charts', i]), named)),
    tables: readTables(report.tables, nodeAt(node, ['tables']), own, registries),
    published: report.published.map((_, i) => readReference(nodeAt(node, ['published', i]), registries)),
  };
}

/** A paper's figures, read once so that a mistake in them shows before anything runs. */
function readReference(node: Located, registries: Registries): PaperReference {
  const written = String(plain(node));
  const reference = isOwnFile(written) ? resolve(pathBeside(node.where, written)) : written;
  readPaper(reference, registries, node.where);
  return reference;
}
