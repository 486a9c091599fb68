import { requireReplaceable } from '../output-file.ts';
import { failureKinds } from '../store/records.ts';
import { resetFailures } from '../store/writes.ts';
import { loadTuning } from '../tuning/load.ts';
import { TUNED_OUTPUT } from '../tuning/override.ts';
import type { Command } from './command.ts';
import { assignments, carryOut } from './execute.ts';
import { CONFIG, type ComputeOptions, computeOptions } from './experiment-options.ts';
import { storedProtocols } from './known-results.ts';
import { registries } from './registries.ts';
import { concludeTuning } from './tuning-conclusion.ts';

interface Options extends ComputeOptions {
  out: string | undefined;
  retry: boolean;
}

const command: Command<Options> = {
  builder: (cli) =>
    computeOptions(cli)
      .positional('config', CONFIG)
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'File (YAML) for the tasks with what was found, which an experiment can extend',
      })
      .option('retry', { type: 'boolean', default: false, describe: 'Run again what has failed before' })
      .example('$0 tune configs/tune.yaml', 'the table of the search, and the overrides to paste')
      .example('$0 tune configs/tune.yaml --out tuned.yaml', 'the tasks for extends: tuned.yaml'),
  handler: async (options) => {
    const { config, results, out, retry } = options;
    const tuning = await loadTuning(config, registries, assignments(options), storedProtocols(results));
    if (out !== undefined) requireReplaceable(out, TUNED_OUTPUT);
    const { plan } = tuning;
    await carryOut(
      options,
      {
        solve: true,
        prepare: (store) => {
          if (retry) resetFailures(store, plan.name, failureKinds);
        },
      },
      plan,
      (store, summary) => concludeTuning(options, tuning, store, summary),
    );
  },
};
export default command;
