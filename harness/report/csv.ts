import canonicalize from 'canonicalize';
import type { Params } from '../identity/refs.ts';
import { csvLine } from '../text/csv.ts';
import { visibleJson } from '../text/json.ts';
import { buildPublished, type PublishedSource, type PublishedTable } from './published-model.ts';
import { buildTables } from './table-model.ts';

const HEAD = [
  'task',
  'task_params',
  'dataset',
  'method',
  'params',
  'metric',
  'version',
  'fingerprint',
  'protocol',
  'better',
  'mean',
  'low',
  'high',
  'standard_error',
  'images',
  'seeds',
  'infinite',
  'complete',
  'reference',
  'difference',
  'difference_low',
  'difference_high',
  'difference_images',
  'p',
  'method_key',
  'prior',
  'kind',
  'captions',
] as const;

/** Behind the others where an experiment names papers. */
const PUBLISHED = [
  'paper',
  'paper_table',
  'first_hand',
  'own_method',
  'ours_method_key',
  'ours',
  'ours_low',
  'ours_high',
  'gap',
  'gap_low',
  'gap_high',
  'random_weights',
  'remark',
] as const;

/** Every cell of every table as one CSV line, at full precision (RFC 4180; text/csv.ts says what is escaped). */
export function csvTables(source: PublishedSource): string {
  const lines = buildTables(source).flatMap((table) =>
    table.rows.flatMap(({ method, cells }) =>
      cells.flatMap((cell, i) => {
        if (!cell) return [];
        const { metric, version, fingerprint, protocol, better } = table.columns[i]!;
        const d = cell.difference;
        return [
          [
            table.task,
            canonicalJson(table.taskParams),
            table.dataset,
            method.solver,
            canonicalJson(method.params),
            metric,
            version,
            fingerprint,
            protocol,
            better,
            cell.mean,
            known(cell.low),
            known(cell.high),
            cell.standardError,
            cell.images,
            cell.seeds,
            cell.infinite,
            cell.complete,
            ...(d
              ? [table.reference!.label, d.mean, known(d.low), known(d.high), d.images, known(d.p)]
              : [null, null, null, null, null, null]),
            method.key,
            method.prior,
            method.trivial ? 'baseline' : 'solver',
            method.captioned,
          ],
        ];
      }),
    ),
  );
  const published = buildPublished(source).tables.flatMap(publishedLines);
  const head = published.length > 0 ? [...HEAD, ...PUBLISHED] : HEAD;
  return `${[head, ...lines, ...published].map(csvLine).join('\r\n')}\r\n`;
}

/** Lines of the kind `published`: their mean is the figure as printed; what is ours stands in columns of its own. */
function publishedLines({ of, dataset, rows }: PublishedTable) {
  return rows.map(({ paper, figure, ours, gap, remark }) => {
    const told: Partial<Record<(typeof HEAD)[number], string | number>> = {
      ...(of && { task: of.task, task_params: canonicalJson(of.taskParams) }),
      dataset,
      method: figure.method,
      metric: figure.metric,
      mean: figure.value,
      kind: 'published',
    };
    return [
      ...HEAD.map((column) => told[column]),
      paper.id,
      figure.table,
      paper.firstHand,
      figure.own,
      ours?.method.key,
      ...(ours ? [ours.mean, known(ours.low), known(ours.high)] : [null, null, null]),
      ...(gap ? [gap.mean, known(gap.low), known(gap.high)] : [null, null, null]),
      ours?.randomWeights,
      remark,
    ];
  });
}

/** Nothing for an interval or a p value that does not exist. */
function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function canonicalJson(params: Params): string {
  return visibleJson(canonicalize(params)!);
}
