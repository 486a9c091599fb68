import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { loadPlan } from '../plan/load.ts';
import { type Rebuilt, rebuild } from '../scheduler/rebuild.ts';
import { lockFolder } from '../scheduler/run-lock.ts';
import { databaseFile } from '../store/layout.ts';
import { counted } from '../text/count.ts';
import { printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { registries, registriesWith } from './registries.ts';
import { say, sayJson, warn } from './say.ts';

interface Options extends GlobalOptions {
  configs: string[];
  json: boolean;
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('configs', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'Files (YAML) of the experiments whose results lie there',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 rebuild configs/demo.yaml', 'the damaged database is moved aside, never deleted'),
  handler: async ({ configs, json, results }) => {
    const dir = folderOf(results);
    const plans = [];
    for (const config of configs) {
      const plan = await loadPlan(config, registries);
      plans.push({ plan, known: await registriesWith(plan.plugins) });
    }
    const lock = lockFolder(dir);
    try {
      const rebuilt = await rebuild(dir, plans);
      if (json) {
        sayJson({ results: dir, ...rebuilt }, 2);
        return;
      }
      for (const line of rebuilt.unreadable) warn(`left out: ${printable(line)}`);
      say(inWords(rebuilt, printable(dir), configs));
    } finally {
      lock.release();
    }
  },
};
export default command;

function folderOf(results: string): string {
  const dir = resolve(results);
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return dir;
  throw new UserError(`${dir}: expected the folder of the results; give --results DIR`);
}

function inWords(
  { fromRecords, fromTensors, isNew, damaged, unfinished }: Rebuilt,
  dir: string,
  configs: readonly string[],
): string {
  const cells = [
    `${counted(fromRecords, 'cell')} from their records`,
    ...(fromTensors > 0
      ? [`${fromTensors} from their tensors, whose times, counters and logs are lost`]
      : []),
  ].join(', ');
  return [
    isNew
      ? `${databaseFile(dir)}: new, with ${cells}; what had failed is to do again`
      : `${databaseFile(dir)}: sound; added ${cells} (to have a new one made, move it away first)`,
    ...(damaged === null ? [] : [`the damaged one is now ${damaged}`]),
    ...(configs.length === 0
      ? ['the plans are known again once their files are given: tweedie run EXPERIMENT.yaml']
      : unfinished.map((config) => `what is still lacking: tweedie run ${printable(config)}`)),
    ...(configs.length > 0 && unfinished.length === 0 ? ['nothing is lacking'] : []),
  ].join('\n');
}
