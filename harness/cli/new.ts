import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { quoted } from '../config/located.ts';
import { UserError } from '../errors.ts';
import { printable } from '../text/terminal.ts';
import { newSolver } from './new-solver.ts';
import type { GlobalOptions } from './options.ts';
import { registries } from './registries.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  kind: 'solver';
  name: string;
  json: boolean;
}

const NAME = /^[a-z][a-z0-9-]*$/;

const command: CommandModule<GlobalOptions, Options> = {
  command: 'new <kind> <name>',
  describe:
    'Write a solver of your own to begin with, an experiment that compares it and a test, into this folder',
  builder: (cli) =>
    cli
      .positional('kind', { choices: ['solver'] as const, demandOption: true, describe: 'What to begin' })
      .positional('name', { type: 'string', demandOption: true, describe: 'As experiments name it' })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document: the files' })
      .example('$0 new solver my-method', 'my-method.js, my-method.yaml, my-method.test.js'),
  handler: ({ name, json }) => {
    if (!NAME.test(name))
      throw new UserError(`name: expected small letters, digits and "-", found ${quoted(name)}`);
    if (registries.solvers.has(name))
      throw new UserError(`there is a solver ${quoted(name)} already (built in)`);
    const files = newSolver(name);
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
      `tweedie check ${name}.js     what every solver must do\ntweedie run ${name}.yaml     beside LDPS, in one table`,
    );
  },
};
export default command;
