import type { CommandModule } from 'yargs';
import { execute } from './execute.ts';
import { type ExperimentOptions, experimentOptions } from './experiment-options.ts';
import type { GlobalOptions } from './options.ts';

const command: CommandModule<GlobalOptions, ExperimentOptions> = {
  command: 'run <config>',
  describe: 'Run what an experiment still lacks, print its tables and write its report',
  builder: (cli) =>
    experimentOptions(cli)
      .example('$0 run configs/demo.yaml', 'run it, or go on where it was stopped')
      .example('$0 run configs/demo.yaml --workers 1 --no-report', 'one worker, tables only'),
  handler: (options) => execute(options, { solve: true }),
};
export default command;
