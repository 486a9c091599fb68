import type { CommandModule } from 'yargs';
import { execute } from './execute.ts';
import { type SolvingOptions, solvingOptions } from './experiment-options.ts';
import type { GlobalOptions } from './options.ts';

const command: CommandModule<GlobalOptions, SolvingOptions> = {
  command: 'run <config>',
  describe: 'Run what an experiment still lacks, print its tables and write its report',
  builder: (cli) =>
    solvingOptions(cli)
      .example('$0 run configs/demo.yaml', 'run it, or go on where it was stopped')
      .example('$0 run configs/demo.yaml --workers 1 --no-report', 'one worker, tables only')
      .example('$0 run docs/examples/mpgd.yaml --trace', "each method's loss by step, in the report"),
  handler: (options) => execute(options, { solve: true, traces: options.trace }),
};
export default command;
