import type { CommandModule } from 'yargs';
import { captionParameters } from '../identity/own-caption.ts';
import { priorNameOf } from '../report/from-store.ts';
import { setRows } from '../store/configurations.ts';
import { readNamed } from '../store/methods.ts';
import { metricRows, provenance } from '../store/queries.ts';
import type { ExperimentRecord } from '../store/records.ts';
import type { MetricRow, Named, SetRow } from '../store/rows.ts';
import { closeStore, openStore, type Store } from '../store/store.ts';
import { csvLine } from '../text/csv.ts';
import { jsonText } from '../text/json.ts';
import type { GlobalOptions } from './options.ts';
import { resolveExperiment } from './resolve-experiment.ts';
import { sayChunk } from './say.ts';

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
      const rows = exportRows(store, resolveExperiment(store, experiment));
      for (const chunk of format === 'json' ? jsonChunks(rows) : csvChunks(rows)) {
        await sayChunk(chunk);
      }
    } finally {
      closeStore(store);
    }
  },
};
export default command;

/** A number of a picture, or, without item and seed, of a method's whole set; methods and settings written out. */
type ExportRow = ReturnType<typeof writtenOut>;

function* exportRows(store: Store, experiment: string): Generator<ExportRow> {
  const named = readNamed(store);
  const { priors } = provenance(store, experiment).report;
  for (const row of metricRows(store, experiment)) yield writtenOut(row, named, priors);
  for (const row of setRows(store, experiment)) yield writtenOut(row, named, priors);
}

function writtenOut(
  { method: methodKey, setting: settingKey, ...row }: MetricRow | SetRow,
  { methods, settings }: Named,
  priors: ExperimentRecord['report']['priors'],
) {
  const method = methods.get(methodKey)!;
  const { kind, name: solver, params } = method;
  const { task, params: taskParams, dataset } = settings.get(settingKey)!;
  const prior = priorNameOf(method, priors);
  const captions = captionParameters(params).length > 0;
  return { solver, params, task, taskParams, dataset, ...row, methodKey, prior, kind, captions };
}

/** One JSON array, a row a line: rows are never gathered into one string, which has a length limit. */
function* jsonChunks(rows: Iterable<ExportRow>): Generator<string> {
  let separator = '[\n';
  for (const row of rows) {
    yield `${separator}${jsonText({ ...row, value: portableNumber(row.value) })}`;
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
  'version',
  'protocol',
  'value',
  'standardError',
  'methodKey',
  'prior',
  'kind',
  'captions',
] as const;

function* csvChunks(rows: Iterable<ExportRow>): Generator<string> {
  yield `${COLUMNS.join(',')}\n`;
  for (const row of rows) {
    const fields: Readonly<Record<string, unknown>> = { ...row };
    yield `${csvLine(COLUMNS.map((column) => plainField(fields[column])))}\n`;
  }
}

/** Parameters are mappings: in a table they stand as JSON. */
function plainField(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : jsonText(value);
}
