import { type DiskEstimate, diskOf } from '../plan/disk.ts';
import { estimateSeconds } from '../plan/estimate.ts';
import { loadPlan } from '../plan/load.ts';
import { workToDo } from '../scheduler/run-plan.ts';
import type { CellStatus } from '../store/records.ts';
import { byteSize } from '../text/byte-size.ts';
import type { Command } from './command.ts';
import { eachFile } from './each-file.ts';
import { CONFIGS } from './experiment-options.ts';
import { knownResults, requireWeights, storedProtocols } from './known-results.ts';
import { freeBytes, machineNotes, requireFolder } from './machine-notes.ts';
import type { GlobalOptions } from './options.ts';
import { planJson } from './plan-json.ts';
import { hindsight, summarise, summaryTable } from './plan-summary.ts';
import { registries, registriesWith } from './registries.ts';
import { say, sayPiece } from './say.ts';

interface Options extends GlobalOptions {
  configs: string[];
  set: string[];
  json: boolean;
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('configs', CONFIGS)
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
        describe: 'Print one JSON document (of each file), with every cell',
      })
      .example('$0 plan configs/demo.yaml', 'the cells by task and method, with an estimate of the time')
      .example(
        '$0 plan configs/demo.yaml --set data.count=2 --set seeds=[0,1]',
        'the same with two keys changed',
      ),
  handler: async ({ configs, ...options }) => {
    requireFolder(options.results);
    await eachFile(configs, (config) => show({ ...options, config }));
  },
};
export default command;

async function show({ config, set, json, results }: Omit<Options, 'configs'> & { readonly config: string }) {
  const loaded = await loadPlan(config, registries, set, storedProtocols(results));
  const known = await registriesWith(loaded.plugins);
  requireWeights(loaded, results, known);
  const plan = { ...loaded, notes: [...loaded.notes, ...(await machineNotes(loaded, results))] };
  const { states, costs, lastRun } = knownResults(results, plan);
  const work = workToDo(plan, states);
  const todo = work.map(({ batch }) => batch);
  const disk = { ...diskOf(work), free: freeBytes(results) };
  const seconds = estimateSeconds(todo, plan.devices, costs);
  if (json) {
    const count = (status: CellStatus) => [...states.values()].filter((known) => known === status).length;
    const known = {
      cached: count('done'),
      failed: count('failed'),
      estimate: { seconds, lastRun, disk },
    };
    for (const piece of planJson(plan, known)) sayPiece(piece);
  } else {
    say(summaryTable(plan, states, known.solvers));
    if (todo.length > 0) say(diskLine(disk));
    say(summarise(plan, states, seconds) + (todo.length > 0 ? hindsight(lastRun) : ''));
  }
}

function diskLine({ tensors, total, free }: DiskEstimate & { readonly free: number }): string {
  const little = total > free ? `; only ${byteSize(free)} are free` : '';
  return `disk: at most ${byteSize(total)}, of it ${byteSize(tensors)} float tensors, which tweedie gc --tensors drops${little}`;
}
