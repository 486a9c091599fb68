import type { Row } from '../export/columns.ts';
import { parquetChunks } from '../export/parquet.ts';
import { printedTables } from './printed-table.ts';
import type { ReportSource } from './source.ts';
import { RECORD_COLUMNS, recordsOf } from './table-records.ts';

/** Every number of every table as one row of an Apache Parquet file. */
export async function parquetTables(source: ReportSource): Promise<Uint8Array> {
  async function* rows(): AsyncGenerator<Row> {
    for (const table of printedTables(source)) yield* recordsOf(table);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of parquetChunks({ columns: RECORD_COLUMNS, rows: rows() })) chunks.push(chunk);
  return Buffer.concat(chunks);
}
