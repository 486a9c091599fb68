import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';

/** What a column holds; `json`: a value of any kind, in a flat file as JSON text. */
export type ColumnType = 'text' | 'integer' | 'number' | 'flag' | 'json';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** A row's values, in the order of its table's columns; null where there is none. */
export type Values = readonly unknown[];

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: AsyncIterable<Values>;
}

/**
 * A table with some of its columns, in the order in which they are named.
 * @throws UserError for a name that none has
 */
export function chosen({ columns, rows }: Table, names: readonly string[]): Table {
  const places = names.map((name) => {
    const place = columns.findIndex((one) => one.name === name);
    if (place >= 0) return place;
    throw new UserError(
      `--columns: unknown column "${name}": ${nearest(
        name,
        columns.map((one) => one.name),
      )}`,
    );
  });
  async function* picked(): AsyncGenerator<Values> {
    for await (const row of rows) yield places.map((place) => row[place]);
  }
  return { columns: places.map((place) => columns[place]!), rows: picked() };
}
