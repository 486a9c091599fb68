import Table from 'cli-table3';
import { lookUp } from '../config/entry.ts';
import { UserError } from '../errors.ts';
import type { Kind } from '../tasks/kinds.ts';
import { KINDS } from '../tasks/roles.ts';
import type { Command } from './command.ts';
import { type Listed, listings } from './listing.ts';
import type { GlobalOptions } from './options.ts';
import { pluginOption, registriesWithFiles } from './plugin-option.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  things: string;
  kind: Kind | undefined;
  json: boolean;
  plugin: string[];
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('things', { type: 'string', demandOption: true, describe: [...listings.keys()].join(', ') })
      .option('kind', { choices: KINDS, requiresArg: true, describe: 'Only solvers, or tasks, of this kind' })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .option('plugin', pluginOption)
      .example('$0 list solvers', 'each solver, its paper, parameters and defaults')
      .example('$0 list solvers --kind edit', 'those that edit')
      .example('$0 list tasks --json', 'the same of the tasks, for a program'),
  handler: async ({ things, kind, json, plugin }) => {
    const all = await lookUp(listings, things, 'kind of thing')(await registriesWithFiles(plugin));
    const listed = kind === undefined ? all : ofKind(all, kind, things);
    if (json) sayJson(listed, 2);
    else say(listed.map(asText).join('\n\n'));
  },
};
export default command;

/** Solvers say what kind of task they solve, tasks which they are. */
function ofKind(all: readonly Listed[], kind: Kind, things: string): Listed[] {
  if (all.every(({ solves, kind: own }) => solves === undefined && own === undefined))
    throw new UserError(`--kind: ${things} are of no kind; it is for solvers and tasks`);
  return all.filter(({ solves, kind: own }) => (solves ?? own) === kind);
}

function asText({ name, version, description, needs, parameters }: Listed): string {
  const lines = [description, ...(needs === undefined ? [] : [needs])];
  const head = [`${name}${version === undefined ? '' : ` (version ${version})`}`, ...lines].join('\n  ');
  if (!parameters || parameters.length === 0) return head;
  const table = new Table({
    head: ['parameter', 'type', 'default', 'meaning'],
    colWidths: [null, null, null, 56],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const parameter of parameters) {
    const without = parameter.required ? 'required' : 'none';
    const fallback = 'default' in parameter ? JSON.stringify(parameter.default) : without;
    table.push([parameter.name, parameter.type, fallback, parameter.description]);
  }
  return `${head}\n${table.toString()}`;
}
