import canonicalize from 'canonicalize';
import { csvLine } from '../text/csv.ts';
import { visibleJson } from '../text/json.ts';
import { printedTables } from './printed-table.ts';
import type { ReportSource } from './source.ts';
import { RECORD_COLUMNS, recordsOf } from './table-records.ts';

/** Every number of every table as one CSV line, at full precision (RFC 4180; text/csv.ts says what is escaped). */
export function csvTables(source: ReportSource): string {
  const lines = printedTables(source).flatMap((table) =>
    recordsOf(table).map((record) => RECORD_COLUMNS.map(({ name }) => field(record[name]))),
  );
  return `${[RECORD_COLUMNS.map(({ name }) => name), ...lines].map(csvLine).join('\r\n')}\r\n`;
}

function field(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') return visibleJson(canonicalize(value)!);
  return value as string | number | boolean;
}
