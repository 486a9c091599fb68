import type { CommandModule } from 'yargs';
import { estimateSeconds } from '../plan/estimate.ts';
import { loadPlan } from '../plan/load.ts';
import { workToDo } from '../scheduler/run-plan.ts';
import type { CellStatus } from '../store/records.ts';
import { knownResults, requireWeights, storedProtocols } from './known-results.ts';
import { machineNotes, requireFolder } from './machine-notes.ts';
import type { GlobalOptions } from './options.ts';
import { planJson } from './plan-json.ts';
import { hindsight, summarise, summaryTable } from './plan-summary.ts';
import { registries, registriesWith } from './registries.ts';
import { say, sayPiece } from './say.ts';

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
    requireFolder(results);
    const loaded = await loadPlan(config, registries, set, storedProtocols(results));
    const known = await registriesWith(loaded.plugins);
    requireWeights(loaded, results, known);
    const plan = { ...loaded, notes: [...loaded.notes, ...(await machineNotes(loaded, results))] };
    const { states, costs, lastRun } = knownResults(results, plan);
    const todo = workToDo(plan, states).map(({ batch }) => batch);
    const seconds = estimateSeconds(todo, plan.devices, costs);
    if (json) {
      const count = (status: CellStatus) => [...states.values()].filter((known) => known === status).length;
      const known = { cached: count('done'), failed: count('failed'), estimate: { seconds, lastRun } };
      for (const piece of planJson(plan, known)) sayPiece(piece);
    } else {
      say(summaryTable(plan, states, known.solvers));
      say(summarise(plan, states, seconds) + (todo.length > 0 ? hindsight(lastRun) : ''));
    }
  },
};
export default command;
