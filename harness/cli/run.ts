import { UserError } from '../errors.ts';
import { loadPlan } from '../plan/load.ts';
import type { Command } from './command.ts';
import { sayWhatIsSubmitted } from './dry-run.ts';
import { eachFile } from './each-file.ts';
import { assignments, execute } from './execute.ts';
import { CONFIGS, type SolvingOptions, solvingOptions } from './experiment-options.ts';
import { storedProtocols } from './known-results.ts';
import { registries } from './registries.ts';

interface Options extends Omit<SolvingOptions, 'config'> {
  configs: string[];
  'dry-run': boolean;
}

const command: Command<Options> = {
  builder: (cli) =>
    solvingOptions(cli)
      .positional('configs', CONFIGS)
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Of the executor slurm: print what would be submitted, and submit nothing',
      })
      .example('$0 run configs/demo.yaml', 'run it, or go on where it was stopped')
      .example('$0 run configs/demo.yaml --workers 1 --no-report', 'one worker, tables only')
      .example('$0 run a.yaml b.yaml', 'one experiment after the other')
      .example('$0 run docs/examples/mpgd.yaml --trace', "each method's loss by step, in the report"),
  handler: async ({ configs, 'dry-run': dryRun, ...options }) => {
    if (configs.length > 1) await refuseMistakes(configs, options);
    await eachFile(configs, (config) =>
      dryRun
        ? sayWhatIsSubmitted({ ...options, config })
        : execute({ ...options, config }, { solve: true, traces: options.trace, executor: options.executor }),
    );
  },
};
export default command;

/** @throws UserError for every mistake in any of the files, before the first is run */
async function refuseMistakes(
  configs: readonly string[],
  options: Omit<SolvingOptions, 'config'>,
): Promise<void> {
  const owners = new Map<string, string>();
  await eachFile(configs, async (config) => {
    const set = assignments({ ...options, config });
    const { name } = await loadPlan(config, registries, set, storedProtocols(options.results));
    const other = owners.get(name);
    if (other !== undefined)
      throw new UserError(`${config}: is the experiment ${name}, as is ${other}; expected another name`);
    owners.set(name, config);
  });
}
