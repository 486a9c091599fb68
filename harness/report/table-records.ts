import type { Row } from '../export/columns.ts';
import type { Column } from '../export/table.ts';
import { captionParameters } from '../identity/own-caption.ts';
import type { Method } from './methods.ts';
import type { PrintedRow, PrintedTable } from './printed-table.ts';
import type { Cell, TableModel } from './table-model.ts';

/** What is said of each number of a table, in formats for programs. */
export const RECORD_COLUMNS: readonly Column[] = [
  { name: 'task', type: 'text' },
  { name: 'task_params', type: 'json' },
  { name: 'dataset', type: 'text' },
  { name: 'method', type: 'text' },
  { name: 'params', type: 'json' },
  { name: 'metric', type: 'text' },
  { name: 'version', type: 'integer' },
  { name: 'fingerprint', type: 'text' },
  { name: 'protocol', type: 'json' },
  { name: 'better', type: 'text' },
  { name: 'mean', type: 'number' },
  { name: 'low', type: 'number' },
  { name: 'high', type: 'number' },
  { name: 'standard_error', type: 'number' },
  { name: 'images', type: 'integer' },
  { name: 'seeds', type: 'integer' },
  { name: 'infinite', type: 'integer' },
  { name: 'complete', type: 'flag' },
  { name: 'rank', type: 'text' },
  { name: 'tied', type: 'flag' },
  { name: 'reference', type: 'text' },
  { name: 'difference', type: 'number' },
  { name: 'difference_low', type: 'number' },
  { name: 'difference_high', type: 'number' },
  { name: 'difference_images', type: 'integer' },
  { name: 'p', type: 'number' },
  { name: 'images_needed', type: 'integer' },
  { name: 'table', type: 'text' },
  { name: 'experiment', type: 'text' },
  { name: 'label', type: 'text' },
  { name: 'group', type: 'text' },
  { name: 'method_key', type: 'text' },
  { name: 'prior', type: 'text' },
  { name: 'kind', type: 'text' },
  { name: 'captions', type: 'flag' },
  { name: 'reason', type: 'text' },
];

/**
 * One record a number, in the order in which a table is read, at full precision; of a method without any result one without
 * numbers, with the reason.
 */
export function recordsOf(printed: PrintedTable): Row[] {
  return printed.sections.flatMap(({ rows }) =>
    rows.flatMap((row) =>
      printed.blocks.flatMap(({ table, experiment }, block) =>
        (row.parts[block]?.cells ?? []).flatMap((cell, i) => {
          const reason = reasonFor(row.parts[block]!.method, table);
          if (!cell && reason === null) return [];
          const numbers = cell ? ofCell(cell, table) : NO_NUMBERS;
          return [
            {
              table: printed.title,
              experiment,
              ...ofRow(row, block),
              ...ofColumn(table, i),
              ...numbers,
              reason,
            },
          ];
        }),
      ),
    ),
  );
}

function ofRow({ label, parts }: PrintedRow, block: number): Row {
  const { solver, params, group, key, prior, trivial } = parts[block]!.method;
  const kind = trivial ? 'baseline' : 'solver';
  const captions = captionParameters(params).length > 0;
  return { method: solver, params, label, group, method_key: key, prior, kind, captions };
}

const NO_NUMBERS: Row = { images: 0, seeds: 0, infinite: 0, complete: false };

function reasonFor(method: Method, { skipped, failed }: TableModel): string | null {
  return [...skipped, ...failed].find((one) => one.method.key === method.key)?.reason ?? null;
}

function ofColumn({ task, taskParams, dataset, columns }: TableModel, i: number): Row {
  const { metric, version, fingerprint, protocol, better } = columns[i]!;
  return {
    ...{ task, task_params: taskParams, dataset },
    ...{ metric, version, fingerprint, protocol: JSON.parse(protocol), better },
  };
}

function ofCell(cell: Cell, { reference }: TableModel): Row {
  const { mean, low, high, standardError, images, seeds, infinite, complete, rank, tied } = cell;
  const d = cell.difference;
  return {
    ...{ mean, low: known(low), high: known(high), standard_error: standardError },
    ...{ images, seeds, infinite, complete, rank, tied },
    ...(d && {
      reference: reference!.label,
      difference: d.mean,
      difference_low: known(d.low),
      difference_high: known(d.high),
      difference_images: d.images,
      p: known(d.p),
      images_needed: d.picturesNeeded,
    }),
  };
}

/** Nothing for an interval or a p value that does not exist. */
function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
