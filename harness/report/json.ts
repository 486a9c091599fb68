import type { Row } from '../export/columns.ts';
import { jsonText } from '../text/json.ts';
import { legendOf } from './legend.ts';
import { caveats } from './notes.ts';
import { printedTables, settingsOf } from './printed-table.ts';
import { buildPublished } from './published-model.ts';
import { publishedRecords, recordColumns } from './published-records.ts';
import type { ReportSource } from './source.ts';
import { recordsOf } from './table-records.ts';

/** The tables as one JSON document: what they say below them, and every number with what it is of. Infinity is text. */
export function jsonTables(source: ReportSource): string {
  const printed = printedTables(source);
  const columns = recordColumns(source);
  const whole = (record: Row) =>
    Object.fromEntries(columns.map(({ name }) => [name, portable(record[name] ?? null)]));
  const document = {
    experiment: source.experiment,
    generated: source.generatedAt.toISOString(),
    notes: [legendOf(printed), ...caveats(source, settingsOf(printed))],
    tables: printed.map((table) => ({
      title: table.title,
      footnotes: table.footnotes,
      cells: recordsOf(table).map(whole),
    })),
    published: { notes: buildPublished(source).notes, figures: publishedRecords(source).map(whole) },
  };
  return `${jsonText(document, 2)}\n`;
}

function portable(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
