import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../errors.ts';
import { type ExportFormat, exportFormats } from '../export/formats.ts';
import { longTable, wideTable } from '../export/rows.ts';
import { chosen } from '../export/table.ts';
import { type OutputKind, writeOutput } from '../output-file.ts';
import { askedOf } from '../report/asked.ts';
import { experimentFile } from '../store/runs.ts';
import { closeStore, openStore } from '../store/store.ts';
import { printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { registriesOf } from './registries.ts';
import { resolveExperiment } from './resolve-experiment.ts';
import { say, sayChunk } from './say.ts';

interface Options extends GlobalOptions {
  experiment: string | undefined;
  format: ExportFormat;
  wide: boolean;
  columns: string | undefined;
  out: string | undefined;
}

/** What may be replaced by a new export. */
const OUTPUTS: Readonly<Record<ExportFormat, OutputKind>> = {
  json: { name: 'JSON rows', begins: /^\[(\n\{"|\]\n)/ },
  jsonl: { name: 'JSON lines', begins: /^\{"/ },
  csv: { name: 'a CSV table', begins: /^[A-Za-z][\w.,-]*\n/ },
  parquet: { name: 'a Parquet file', begins: /^PAR1/ },
};

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('experiment', {
        type: 'string',
        describe: 'Its name, or NAME@VERSION; not needed where the results hold one only',
      })
      .option('format', {
        choices: Object.keys(exportFormats) as ExportFormat[],
        default: 'json' as ExportFormat,
        describe: 'All have the same columns; parquet keeps their types',
      })
      .option('wide', {
        type: 'boolean',
        default: false,
        describe: 'One row a cell, each metric a column; without the numbers of whole sets',
      })
      .option('columns', {
        type: 'string',
        requiresArg: true,
        describe: 'Only these, separated by commas, in this order',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'File to write; by default the rows are printed',
      })
      .example('$0 export demo --format csv > demo.csv', 'a table for another program')
      .example('$0 export demo --wide --format parquet --out demo.parquet', "for pandas' read_parquet")
      .example('$0 export demo --format csv --columns solver,item,metric,value', 'a few columns'),
  handler: async ({ experiment, format, wide, columns, out, results }) => {
    if (format === 'parquet' && out === undefined && process.stdout.isTTY)
      throw new UserError('--format parquet is no text: give --out FILE, or send it to a program');
    const store = openStore(results, { create: false });
    try {
      const tableOf = wide ? wideTable : longTable;
      const name = resolveExperiment(store, experiment);
      const { datasets } = await registriesOf(experimentFile(store, name).configFile);
      const names = columns?.split(',');
      // Both open files of the picture.
      const isWanted = (column: string) => names?.includes(column) ?? true;
      const table = tableOf(store, name, {
        // A folder's pictures have none, nor those of a plug-in that is gone.
        captionOf: async (dataset, item) =>
          isWanted('caption') ? ((await datasets.get(dataset)?.caption?.(item)) ?? null) : null,
        askedOf: (kind, truth) => (isWanted('asked') ? askedOf(store, kind, truth) : null),
      });
      const chunks = exportFormats[format](names ? chosen(table, names) : table);
      if (out !== undefined) {
        const file = resolve(out);
        await writeOutput(file, OUTPUTS[format], (temporary) =>
          pipeline(chunks, createWriteStream(temporary)),
        );
        say(printable(file));
        return;
      }
      for await (const chunk of chunks) await sayChunk(chunk);
    } finally {
      closeStore(store);
    }
  },
};
export default command;
