import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { quoted } from '../config/located.ts';
import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { writeOutput } from '../output-file.ts';
import { cellFacts, type Facts } from '../report/cell-facts.ts';
import { elementsTogether } from '../report/element-runs.ts';
import { cellPage } from '../report/html/cell-page.ts';
import { formats } from '../report/index.ts';
import { type CellRow, makeupOf } from '../store/cell-rows.ts';
import { readNamed } from '../store/methods.ts';
import { experimentMetrics, experimentNames, experimentStatus } from '../store/queries.ts';
import { provenance } from '../store/runs.ts';
import { closeStore, openStore, type Store } from '../store/store.ts';
import { nameIn } from '../store/versions.ts';
import { MESSAGE, printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import { findCell } from './find-cell.ts';
import type { GlobalOptions } from './options.ts';
import { resolveExperiment } from './resolve-experiment.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  what: string[];
  json: boolean;
  html: string | undefined;
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('what', {
        type: 'string',
        array: true,
        demandOption: true,
        describe:
          'Keys of cells (the column key of export; the first characters will do), or names of experiments or NAME@VERSION',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document, a list' })
      .option('html', {
        type: 'string',
        requiresArg: true,
        describe: 'File to write: the page of one cell, with its pictures and steps',
      })
      .example('$0 show demo', 'its file, runs, methods and metrics')
      .example('$0 show 3fa91c', 'a cell: parameters, scores, files, log')
      .example('$0 show 3fa91c --html cell.html', 'the same as a page'),
  handler: async ({ what, json, html, results }) => {
    const store = openStore(results, { create: false });
    try {
      if (html !== undefined) {
        const cell = onlyCell(store, what);
        const path = resolve(html);
        const named = readNamed(store);
        const page = cellPage(store, cell, named, cellFacts(store, cell, named));
        await writeOutput(path, formats.html.output, (temporary) => writeFile(temporary, page));
        if (json) sayJson({ cell: cell.key, path }, 2);
        else say(printable(path));
        return;
      }
      const found = what.map((name) => lookUp(store, name));
      if (json) sayJson(found, 2);
      else say(found.map((facts) => lines(facts).join('\n')).join('\n\n'));
    } finally {
      closeStore(store);
    }
  },
};
export default command;

function lookUp(store: Store, name: string): Facts {
  if (name.trim() === '')
    throw new UserError(
      `expected the name of an experiment or the beginning of a cell's key, found ${quoted(name)}`,
    );
  const names = experimentNames(store);
  if (names.includes(nameIn(name))) return ofExperiment(store, resolveExperiment(store, name));
  const cell = findCell(store, name);
  if (cell) return cellFacts(store, cell, readNamed(store));
  throw new UserError(
    `${quoted(name)}: neither an experiment in ${store.dir} nor the beginning of a cell's key; ${nearest(name, names)}`,
  );
}

function onlyCell(store: Store, what: readonly string[]): CellRow {
  const [name, ...others] = what;
  const cell = others.length === 0 ? findCell(store, name!) : null;
  if (cell) return cell;
  throw new UserError(`--html: expected the key of one cell, found ${quoted(what.join(' '))}`);
}

function ofExperiment(store: Store, name: string): Facts {
  const named = readNamed(store);
  const { methods, settings } = makeupOf(store, name);
  const { configFile, priors, runs } = provenance(store, name);
  const { name: experiment, ...status } = experimentStatus(store, name);
  return {
    experiment,
    configFile,
    ...status,
    metrics: experimentMetrics(store, name),
    priors,
    methods: methods.map((key) => {
      const { title, kind, version, params, prior } = named.methods.get(key)!;
      return { key, title, kind, version, params, prior: prior?.name ?? null };
    }),
    settings: settings.map((key) => named.settings.get(key)!),
    runs: elementsTogether(runs),
  };
}

/** One line a fact; lists, mappings and text of several lines (what a cell's process printed) below it. */
function lines(facts: Facts, indent = ''): string[] {
  return Object.entries(facts).flatMap(([name, value]) => {
    const head = `${indent}${printable(name)}:`;
    if (isEmpty(value)) return [`${head} —`];
    if (typeof value === 'string' && value.includes('\n'))
      return [
        head,
        ...value
          .trimEnd()
          .split('\n')
          .map((line) => `${indent}  ${printable(line, MESSAGE)}`),
      ];
    if (Array.isArray(value)) return [head, ...value.map((one) => `${indent}  - ${written(one)}`)];
    const isMapping = typeof value === 'object' && value !== null;
    return isMapping ? [head, ...lines(value as Facts, `${indent}  `)] : [`${head} ${written(value)}`];
  });
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function written(value: unknown): string {
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}
