import { extname, join, resolve } from 'node:path';
import { nodeAt } from '../config/located.ts';
import { readConfig } from '../config/read.ts';
import { UserError } from '../errors.ts';
import { cellsAddress, writeCellPages } from '../report/cell-files.ts';
import { writeCharts } from '../report/charts/files.ts';
import { fromStore } from '../report/from-store.ts';
import { formats, type ReportFormat, terminalTable, writeReport } from '../report/index.ts';
import { reportFile } from '../report/report-file.ts';
import { experimentFile } from '../store/runs.ts';
import { closeStore, openStore } from '../store/store.ts';
import { damagedCells } from '../store/stored-pictures.ts';
import { counted } from '../text/count.ts';
import { MESSAGE, printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import { compareReports } from './compare-reports.ts';
import { otherFolders } from './conclusion.ts';
import type { GlobalOptions } from './options.ts';
import { registriesOf } from './registries.ts';
import { resolveExperiment } from './resolve-experiment.ts';
import { say, sayChunk, sayJson, warn } from './say.ts';

interface Options extends GlobalOptions {
  experiment: string | undefined;
  other: string | undefined;
  out: string | undefined;
  format: ReportFormat;
  charts: string | undefined;
  cells: string | undefined;
  json: boolean;
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('experiment', {
        type: 'string',
        describe: 'Its name, NAME@VERSION or its file (YAML); not needed where the results hold one only',
      })
      .positional('other', {
        type: 'string',
        describe:
          'Another experiment or version, to be compared with the first; three and more stand side by side where a file says report: { tables: [{ experiments: [A, B, C] }] }',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'File to write, - to print it; by default reports/<experiment>',
      })
      .option('format', {
        choices: Object.keys(formats) as ReportFormat[],
        default: 'html' as ReportFormat,
        describe: 'html has everything, in one file; the others hold the tables',
      })
      .option('charts', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder for its charts too, each as SVG, PDF and CSV',
      })
      .option('cells', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder for a page of each cell too, to which the HTML report leads',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document: where the report is; of two, the comparison, too',
      })
      .example('$0 report demo', 'write reports/demo.html')
      .example(
        '$0 report demo@1 demo',
        'what changed from its first version to its last, in file and numbers',
      )
      .example('$0 report demo --format markdown --out -', 'print the tables and nothing else')
      .example('$0 report demo --charts figures', 'its charts as vectors, with their numbers')
      .example(
        '$0 report demo --cells cells',
        'reports/demo.html, whose pictures lead to a page of their cell each',
      )
      .example('$0 report configs/demo.yaml --format latex --out table.tex', 'the tables for a paper'),
  handler: async ({ experiment, other, out, format, charts, cells, json, results }) => {
    if (cells !== undefined && (format !== 'html' || out === '-' || other !== undefined))
      throw new UserError('--cells: only a report of one experiment as an HTML file leads to pages of cells');
    const store = openStore(results, { create: false });
    try {
      const name = resolveExperiment(store, experiment && experimentName(experiment));
      if (other !== undefined) {
        const second = resolveExperiment(store, experimentName(other));
        await compareReports(store, [name, second], { out, format, json });
        return;
      }
      const known = await registriesOf(experimentFile(store, name).configFile);
      const source = fromStore(store, name, known, new Date());
      if (out === '-') {
        if (format === 'parquet' && process.stdout.isTTY)
          throw new UserError('--format parquet is no text: give a file, or send it to a program');
        if (json) throw new UserError('--json says where a report is: give it with a file, not with --out -');
        await sayChunk(await formats[format].render(source, null));
        return;
      }
      const usual = format === 'html' ? reportFile(name, store.dir) : null;
      if (out === undefined && usual?.inTheWay) warn(otherFolders(usual.inTheWay));
      const target = out ?? usual?.path ?? join('reports', `${name}.${formats[format].extension}`);
      const cellsAt = cells === undefined ? null : cellsAddress(target, cells);
      const pages = cells === undefined ? 0 : await writeCellPages(store, name, cells);
      const { path } = await writeReport(source, { out: target, format, cellsAt });
      const drawn = charts === undefined ? null : await writeCharts(source, charts);
      if (json)
        sayJson({
          experiment: name,
          format,
          path,
          ...(cells !== undefined && { cells: resolve(cells), pages }),
          ...(drawn && { charts: drawn.files, notDrawn: drawn.missing }),
        });
      const lost = format === 'html' ? damagedCells(store, name) : [];
      if (lost.length > 0) {
        const pictures = new Set(lost.flatMap((cell) => cell.pictures));
        const more = pictures.size > 1 ? ` and ${pictures.size - 1} more` : '';
        warn(`warning: missing or damaged: ${[...pictures][0]}${more}; tweedie run makes them again`);
      }
      if (!json) say(`${terminalTable(source)}\n\n${written(format, printable(path))}`);
      if (!json && drawn)
        say(
          `${counted(drawn.files.length / 3, 'chart')} as SVG, PDF and CSV: ${printable(resolve(charts!))}`,
        );
      if (!json && cells !== undefined)
        say(`${counted(pages, 'page')} of cells: ${printable(resolve(cells))}`);
      for (const line of drawn?.missing ?? []) warn(printable(line, MESSAGE));
    } finally {
      closeStore(store);
    }
  },
};
export default command;

/** Where the tables are in the format that was asked for: those above are not in it. */
function written(format: ReportFormat, path: string): string {
  return format === 'html' ? path : `written as ${format}: ${path} (--out - prints it instead)`;
}

/** The name that an experiment file gives; anything that is not a YAML file is a name already. */
function experimentName(argument: string): string {
  if (!['.yaml', '.yml'].includes(extname(argument))) return argument;
  const { root } = readConfig(argument);
  const node = nodeAt(root, ['name']);
  if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
  throw new UserError('name: expected the name of the experiment', node.where);
}
