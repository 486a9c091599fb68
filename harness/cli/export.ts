import { once } from 'node:events';
import type { CommandModule } from 'yargs';
import { metricRows } from '../store/queries.ts';
import type { MetricRow } from '../store/rows.ts';
import { closeStore, openStore, resolveExperiment } from '../store/store.ts';
import type { GlobalOptions } from './options.ts';

interface Options extends GlobalOptions {
  experiment: string | undefined;
  format: Format;
}

type Format = 'json' | 'csv';

const command: CommandModule<GlobalOptions, Options> = {
  command: 'export [experiment]',
  describe: 'Print the scores, one row a metric value',
  builder: (cli) =>
    cli
      .positional('experiment', {
        type: 'string',
        describe: 'Its name; not needed where the results hold one only',
      })
      .option('format', {
        choices: ['json', 'csv'] as const,
        default: 'json' as Format,
        describe: 'json or csv',
      })
      .example('$0 export demo --format csv > demo.csv', 'a table for another program'),
  handler: async ({ experiment, format, results }) => {
    const store = openStore(results, { create: false });
    try {
      const rows = metricRows(store, resolveExperiment(store, experiment));
      for (const chunk of format === 'json' ? jsonChunks(rows) : csvChunks(rows)) {
        if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
      }
    } finally {
      closeStore(store);
    }
  },
};
export default command;

/** One JSON array, a row a line: rows are never gathered into one string, which has a length limit. */
function* jsonChunks(rows: Iterable<MetricRow>): Generator<string> {
  let separator = '[\n';
  for (const row of rows) {
    yield `${separator}${JSON.stringify({ ...row, value: portableNumber(row.value) })}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** JSON has no infinity (the PSNR of an image without error): it is written as a string. */
function portableNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

const COLUMNS = [
  'solver',
  'params',
  'task',
  'taskParams',
  'dataset',
  'item',
  'seed',
  'metric',
  'protocol',
  'value',
] as const satisfies readonly (keyof MetricRow)[];

function* csvChunks(rows: Iterable<MetricRow>): Generator<string> {
  yield `${COLUMNS.join(',')}\n`;
  for (const row of rows) yield `${COLUMNS.map((column) => csvField(row[column])).join(',')}\n`;
}

/** RFC 4180; a text that a spreadsheet would take for a formula is quoted with an apostrophe. */
function csvField(value: MetricRow[keyof MetricRow]): string {
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
