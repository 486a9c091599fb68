import canonicalize from 'canonicalize';
import type { Params } from '../identity/refs.ts';
import { csvLine } from '../text/csv.ts';
import { visibleJson } from '../text/json.ts';
import { buildTables, type TableSource } from './table-model.ts';

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
  'reason',
] as const;

/**
 * Every cell of every table as one CSV line, at full precision (RFC 4180; text/csv.ts says what is escaped); of a method without
 * any result a line without numbers, with the reason.
 */
export function csvTables(source: TableSource): string {
  const lines = buildTables(source).flatMap((table) => {
    const reasons = new Map(
      [...table.skipped, ...table.failed].map(({ method, reason }) => [method, reason]),
    );
    return table.rows.flatMap(({ method, cells }) =>
      cells.flatMap((cell, i) => {
        const reason = reasons.get(method);
        if (!cell && reason === undefined) return [];
        const { metric, version, fingerprint, protocol, better } = table.columns[i]!;
        const d = cell?.difference;
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
            ...(cell
              ? [
                  cell.mean,
                  known(cell.low),
                  known(cell.high),
                  cell.standardError,
                  cell.images,
                  cell.seeds,
                  cell.infinite,
                  cell.complete,
                ]
              : [null, null, null, null, 0, 0, 0, false]),
            ...(d
              ? [table.reference!.label, d.mean, known(d.low), known(d.high), d.images, known(d.p)]
              : [null, null, null, null, null, null]),
            method.key,
            method.prior,
            method.trivial ? 'baseline' : 'solver',
            method.captioned,
            reason ?? null,
          ],
        ];
      }),
    );
  });
  return `${[HEAD, ...lines].map(csvLine).join('\r\n')}\r\n`;
}

/** Nothing for an interval or a p value that does not exist. */
function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function canonicalJson(params: Params): string {
  return visibleJson(canonicalize(params)!);
}
