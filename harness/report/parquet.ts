import type { Row } from '../export/columns.ts';
import { parquetChunks } from '../export/parquet.ts';
import { printedTables } from './printed-table.ts';
import { publishedRecords, recordColumns } from './published-records.ts';
import type { ReportSource } from './source.ts';
import { recordsOf } from './table-records.ts';

/** Every number of every table as one row of an Apache Parquet file. */
export async function parquetTables(source: ReportSource): Promise<Uint8Array> {
  async function* rows(): AsyncGenerator<Row> {
    for (const table of printedTables(source)) yield* recordsOf(table);
    yield* publishedRecords(source);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of parquetChunks({ columns: recordColumns(source), rows: rows() }))
    chunks.push(chunk);
  return Buffer.concat(chunks);
}
