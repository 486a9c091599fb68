import { parquetChunks } from '../export/parquet.ts';
import type { Values } from '../export/table.ts';
import { printedTables } from './printed-table.ts';
import { publishedRecords, recordColumns } from './published-records.ts';
import type { ReportSource } from './source.ts';
import { recordsOf } from './table-records.ts';

/** Every number of every table as one row of an Apache Parquet file. */
export async function parquetTables(source: ReportSource): Promise<Uint8Array> {
  const columns = recordColumns(source);
  async function* rows(): AsyncGenerator<Values> {
    const records = [...printedTables(source).flatMap(recordsOf), ...publishedRecords(source)];
    for (const record of records) yield columns.map(({ name }) => record[name] ?? null);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of parquetChunks({ columns, rows: rows() })) chunks.push(chunk);
  return Buffer.concat(chunks);
}
