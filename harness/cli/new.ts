import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { quoted } from '../config/located.ts';
import { UserError } from '../errors.ts';
import { printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import { type Beginning, filesOf } from './new/beginning.ts';
import { datasetBeginning } from './new/dataset.ts';
import { BEGUN, type Begun, solverBeginnings, taskBeginnings } from './new/kinds.ts';
import { metricBeginning } from './new/metric.ts';
import type { GlobalOptions } from './options.ts';
import { registries } from './registries.ts';
import { say, sayJson } from './say.ts';

const THINGS = ['solver', 'task', 'metric', 'dataset'] as const;

interface Options extends GlobalOptions {
  thing: (typeof THINGS)[number];
  name: string;
  solves?: Begun;
  kind?: Begun;
  json: boolean;
}

const NAME = /^[a-z][a-z0-9-]*$/;

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('thing', { choices: THINGS, demandOption: true, describe: 'What to begin' })
      .positional('name', { type: 'string', demandOption: true, describe: 'As experiments name it' })
      .option('solves', {
        choices: BEGUN,
        requiresArg: true,
        describe: 'Of a solver: what it is a method to [default: "restore"]',
      })
      .option('kind', {
        choices: BEGUN,
        requiresArg: true,
        describe: 'Of a task: what its methods are to do [default: "restore"]',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document: the files' })
      .example('$0 new solver my-method', 'my-method.js, my-method.yaml, my-method.test.js')
      .example('$0 new solver my-editor --solves edit', 'a method to edit pictures, beside SDEdit')
      .example('$0 new metric my-score', 'my-score.js, my-score.yaml, my-score.test.js'),
  handler: (options) => {
    const { thing, name, json } = options;
    const beginning = beginningOf(options);
    if (!NAME.test(name))
      throw new UserError(`name: expected small letters, digits and "-", found ${quoted(name)}`);
    if (registries[`${thing}s`].has(name))
      throw new UserError(`there is a ${beginning.what} ${quoted(name)} already (built in)`);
    const files = filesOf(beginning, name);
    const taken = Object.keys(files).find((file) => existsSync(file));
    if (taken !== undefined) throw new UserError(`${taken}: is there already; expected another name`);
    for (const [file, text] of Object.entries(files)) writeFileSync(file, text, { flag: 'wx' });
    const paths = Object.keys(files);
    if (json) {
      sayJson({ files: paths.map((path) => resolve(path)) }, 2);
      return;
    }
    say(`${paths.map((path) => printable(path)).join('\n')}\n`);
    say(
      `tweedie check ${name}.js     what every ${beginning.what} must do\n` +
        `tweedie run ${name}.yaml     ${beginning.shows}`,
    );
  },
};

const OF = { solves: 'solver', kind: 'task' } as const;

/** @throws UserError for an option that is another thing's */
function beginningOf({ thing, ...given }: Options): Beginning {
  for (const option of ['solves', 'kind'] as const)
    if (given[option] !== undefined && thing !== OF[option])
      throw new UserError(`--${option} goes with ${OF[option]} alone, found ${thing}`);
  switch (thing) {
    case 'solver':
      return solverBeginnings[given.solves ?? 'restore'];
    case 'task':
      return taskBeginnings[given.kind ?? 'restore'];
    case 'metric':
      return metricBeginning;
    case 'dataset':
      return datasetBeginning;
  }
}

export default command;
