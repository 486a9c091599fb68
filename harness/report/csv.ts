import canonicalize from 'canonicalize';
import { csvLine } from '../text/csv.ts';
import { visibleJson } from '../text/json.ts';
import { printedTables } from './printed-table.ts';
import { publishedRecords, recordColumns } from './published-records.ts';
import type { ReportSource } from './source.ts';
import { recordsOf } from './table-records.ts';

/** Every number of every table as one CSV line, at full precision (RFC 4180; text/csv.ts says what is escaped). */
export function csvTables(source: ReportSource): string {
  const columns = recordColumns(source);
  const records = [...printedTables(source).flatMap(recordsOf), ...publishedRecords(source)];
  const lines = records.map((record) => columns.map(({ name }) => field(record[name])));
  return `${[columns.map(({ name }) => name), ...lines].map(csvLine).join('\r\n')}\r\n`;
}

function field(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') return visibleJson(canonicalize(value)!);
  return value as string | number | boolean;
}
