import { type BasicType, ByteWriter, parquetWriteRows } from 'hyparquet-writer';
import { jsonText } from '../text/json.ts';
import type { ColumnType, Table } from './table.ts';

/** A column's type is its own, whatever its values happen to be: files of several experiments can be put together. */
const TYPES: Readonly<Record<ColumnType, BasicType>> = {
  text: 'STRING',
  integer: 'INT64',
  number: 'DOUBLE',
  flag: 'BOOLEAN',
  json: 'STRING',
};

/** One Apache Parquet file, compressed by Snappy. */
export async function* parquetChunks({ columns, rows }: Table): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter();
  const typed = columns.map(({ name, type }) => ({ name, type: TYPES[type], nullable: true }));
  async function* values(): AsyncGenerator<Readonly<Record<string, unknown>>> {
    for await (const row of rows)
      yield Object.fromEntries(columns.map(({ name, type }, i) => [name, typedValue(row[i] ?? null, type)]));
  }
  await parquetWriteRows({ writer, rows: values(), columns: typed });
  yield writer.getBytes();
}

function typedValue(value: unknown, type: ColumnType): unknown {
  if (value === null) return null;
  if (type === 'integer') return BigInt(value as number);
  return type === 'json' && typeof value !== 'string' ? jsonText(value) : value;
}
