import { rememberingLast } from '../remember.ts';
import { csvField, csvLine } from '../text/csv.ts';
import { jsonText } from '../text/json.ts';
import { parquetChunks } from './parquet.ts';
import type { Column, Table, Values } from './table.ts';

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
async function* jsonChunks({ columns, rows }: Table): AsyncGenerator<string> {
  const lineOf = jsonRows(columns);
  let separator = '[\n';
  for await (const row of rows) {
    yield `${separator}${lineOf(row)}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

async function* jsonLines({ columns, rows }: Table): AsyncGenerator<string> {
  const lineOf = jsonRows(columns);
  for await (const row of rows) yield `${lineOf(row)}\n`;
}

/** Every column in every row, null where there is nothing. */
function jsonRows(columns: readonly Column[]): (row: Values) => string {
  const fields = columns.map(({ name }) => {
    const key = jsonText(name);
    return rememberingLast((value: unknown) => `${key}:${jsonText(portable(value))}`);
  });
  return (row) => `{${fields.map((field, i) => field(row[i])).join(',')}}`;
}

/** JSON has no infinity (the PSNR of an image without error): it is written as a string. */
function portable(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

async function* csvChunks({ columns, rows }: Table): AsyncGenerator<string> {
  yield `${csvLine(columns.map(({ name }) => name))}\n`;
  const fields = columns.map(() => rememberingLast((value: unknown) => csvField(plainField(value))));
  for await (const row of rows) yield `${fields.map((field, i) => field(row[i])).join(',')}\n`;
}

/** Parameters may be mappings: in a table they stand as JSON. */
function plainField(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : jsonText(value);
}
