import type { CommandModule } from 'yargs';
import { estimateSeconds } from '../config/estimate.ts';
import { loadPlan } from '../config/load.ts';
import { knownResults } from './known-results.ts';
import type { GlobalOptions } from './options.ts';
import { summarise, summaryTable } from './plan-summary.ts';
import { registries } from './registries.ts';

interface Options extends GlobalOptions {
  config: string;
  set: string[];
  json: boolean;
}

const command: CommandModule<GlobalOptions, Options> = {
  command: 'plan <config>',
  describe: 'Show what an experiment would run, and about how long it takes',
  builder: (cli) =>
    cli
      .positional('config', { type: 'string', demandOption: true, describe: 'Experiment file (YAML)' })
      .option('set', {
        type: 'string',
        array: true,
        default: [],
        requiresArg: true,
        describe: 'Change a key of the file: key=value',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document, with every cell',
      })
      .example('$0 plan configs/demo.yaml', 'the cells by task and method, with an estimate of the time')
      .example(
        '$0 plan configs/demo.yaml --set data.count=2 --set seeds=[0,1]',
        'the same with two keys changed',
      ),
  handler: async ({ config, set, json, results }) => {
    const plan = await loadPlan(config, registries, set);
    const { done, costs } = knownResults(results, plan);
    const todo = plan.groups.filter(({ items }) => items.some(({ cellKey }) => !done.has(cellKey)));
    const seconds = estimateSeconds(todo, plan.devices, costs);
    console.log(
      json
        ? JSON.stringify({ ...plan, cached: done.size, estimate: { seconds } }, null, 2)
        : `${summaryTable(plan, done, registries.solvers)}\n${summarise(plan, done, seconds)}`,
    );
  },
};
export default command;
