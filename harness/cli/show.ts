import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { quoted } from '../config/located.ts';
import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { type CellRow, cellsByKey, experimentsOf, makeupOf, scoresOf } from '../store/cell-rows.ts';
import { readNamed } from '../store/methods.ts';
import { experimentMetrics, experimentNames, experimentStatus, provenance } from '../store/queries.ts';
import { closeStore, openStore, type Store } from '../store/store.ts';
import { stored, storedJson } from '../store/stored-json.ts';
import { printable } from '../text/terminal.ts';
import type { GlobalOptions } from './options.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  what: string[];
  json: boolean;
}

const command: CommandModule<GlobalOptions, Options> = {
  command: 'show <what..>',
  describe: 'Print all that is known of a cell or an experiment',
  builder: (cli) =>
    cli
      .positional('what', {
        type: 'string',
        array: true,
        demandOption: true,
        describe:
          'Keys of cells (the column key of export; the first characters will do) or names of experiments',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document, a list' })
      .example('$0 show demo', 'its file, runs, methods and metrics')
      .example('$0 show 3fa91c', 'a cell: parameters, scores, files, log'),
  handler: ({ what, json, results }) => {
    const store = openStore(results, { create: false });
    try {
      const found = what.map((name) => lookUp(store, name));
      if (json) sayJson(found, 2);
      else say(found.map((facts) => lines(facts).join('\n')).join('\n\n'));
    } finally {
      closeStore(store);
    }
  },
};
export default command;

type Facts = Readonly<Record<string, unknown>>;

function lookUp(store: Store, name: string): Facts {
  if (name.trim() === '')
    throw new UserError(
      `expected the name of an experiment or the beginning of a cell's key, found ${quoted(name)}`,
    );
  const names = experimentNames(store);
  if (names.includes(name)) return ofExperiment(store, name);
  const [cell, another] = /^[0-9a-f]+$/.test(name) ? cellsByKey(store, name, 2) : [];
  if (cell && another)
    throw new UserError(`${name}: begins the keys of several cells; give more of it, at most ${cell.key}`);
  if (cell) return ofCell(store, cell);
  throw new UserError(
    `${quoted(name)}: neither an experiment in ${store.dir} nor the beginning of a cell's key; ${nearest(name, names)}`,
  );
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
    runs,
  };
}

function ofCell(store: Store, cell: CellRow): Facts {
  const { key, method, setting, result, resultArray, truth, given, ...rest } = cell;
  const named = readNamed(store);
  return {
    cell: key,
    ...rest,
    method: named.methods.get(method)!,
    setting: named.settings.get(setting)!,
    scores: scoresOf(store, key).map((score) => ({
      ...score,
      protocol: storedJson(score.protocol, 'scores.protocol', stored.protocol),
      value: Number.isFinite(score.value) ? score.value : String(score.value),
    })),
    files: Object.fromEntries(
      Object.entries({ result, resultArray, truth, given }).map(([role, path]) => [
        role,
        fileOf(store, path),
      ]),
    ),
    experiments: experimentsOf(store, key),
  };
}

/** The absolute path; a file that is not there any more is named as that. */
function fileOf({ dir }: Store, path: string | null): string | null {
  if (path === null) return null;
  const file = join(dir, path);
  return existsSync(file) ? file : `${file} (missing)`;
}

/** One line a fact, lists and mappings below it. */
function lines(facts: Facts, indent = ''): string[] {
  return Object.entries(facts).flatMap(([name, value]) => {
    const head = `${indent}${printable(name)}:`;
    if (isEmpty(value)) return [`${head} —`];
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
