import { csvLine } from '../text/csv.ts';
import { jsonText } from '../text/json.ts';
import type { Column, Row } from './columns.ts';
import { parquetChunks } from './parquet.ts';
import type { Table } from './rows.ts';

/** How an export can be written: pieces of a file, one after the other, never the whole in memory. */
export const exportFormats = {
  json: (table) => inPieces(jsonChunks(table)),
  jsonl: (table) => inPieces(jsonLines(table)),
  csv: (table) => inPieces(csvChunks(table)),
  parquet: parquetChunks,
} as const satisfies Record<string, (table: Table) => AsyncIterable<string | Uint8Array>>;

export type ExportFormat = keyof typeof exportFormats;

/** Characters that are written at once: a row each would cost as much as making it. */
const PIECE = 65_536;

async function* inPieces(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const chunk of chunks) {
    piece += chunk;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** One JSON array, a row a line. */
async function* jsonChunks(table: Table): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const row of table.rows) {
    yield `${separator}${jsonRow(table.columns, row)}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

async function* jsonLines(table: Table): AsyncGenerator<string> {
  for await (const row of table.rows) yield `${jsonRow(table.columns, row)}\n`;
}

/** Every column in every row, null where there is nothing. */
function jsonRow(columns: readonly Column[], row: Row): string {
  return jsonText(Object.fromEntries(columns.map(({ name }) => [name, portable(row[name] ?? null)])));
}

/** JSON has no infinity (the PSNR of an image without error): it is written as a string. */
function portable(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

async function* csvChunks({ columns, rows }: Table): AsyncGenerator<string> {
  yield `${csvLine(columns.map(({ name }) => name))}\n`;
  for await (const row of rows) yield `${csvLine(columns.map(({ name }) => plainField(row[name])))}\n`;
}

/** Parameters may be mappings: in a table they stand as JSON. */
function plainField(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : jsonText(value);
}
