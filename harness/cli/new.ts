import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { quoted } from '../config/located.ts';
import { UserError } from '../errors.ts';
import { printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import { type Beginning, filesOf } from './new/beginning.ts';
import { datasetBeginning } from './new/dataset.ts';
import { metricBeginning } from './new/metric.ts';
import { solverBeginning } from './new/solver.ts';
import { taskBeginning } from './new/task.ts';
import type { GlobalOptions } from './options.ts';
import { registries } from './registries.ts';
import { say, sayJson } from './say.ts';

const KINDS = ['solver', 'task', 'metric', 'dataset'] as const;
type NewKind = (typeof KINDS)[number];

interface Options extends GlobalOptions {
  kind: NewKind;
  name: string;
  json: boolean;
}

const beginnings: Readonly<Record<NewKind, Beginning>> = {
  solver: solverBeginning,
  task: taskBeginning,
  metric: metricBeginning,
  dataset: datasetBeginning,
};

const NAME = /^[a-z][a-z0-9-]*$/;

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('kind', { choices: KINDS, demandOption: true, describe: 'What to begin' })
      .positional('name', { type: 'string', demandOption: true, describe: 'As experiments name it' })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document: the files' })
      .example('$0 new solver my-method', 'my-method.js, my-method.yaml, my-method.test.js')
      .example('$0 new metric my-score', 'my-score.js, my-score.yaml, my-score.test.js'),
  handler: ({ kind, name, json }) => {
    const beginning = beginnings[kind];
    if (!NAME.test(name))
      throw new UserError(`name: expected small letters, digits and "-", found ${quoted(name)}`);
    if (registries[`${kind}s`].has(name))
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
export default command;
