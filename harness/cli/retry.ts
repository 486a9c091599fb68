import type { CommandModule } from 'yargs';
import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { WORTH_A_RETRY } from '../scheduler/retry-policy.ts';
import { type FailureKind, failureKinds } from '../store/records.ts';
import { resetFailures } from '../store/writes.ts';
import { execute } from './execute.ts';
import { CONFIG, type SolvingOptions, solvingOptions } from './experiment-options.ts';
import type { GlobalOptions } from './options.ts';

interface Options extends SolvingOptions {
  only: string;
}

const command: CommandModule<GlobalOptions, Options> = {
  command: 'retry <config>',
  describe: 'Run the failed cells of an experiment again, and what it still lacks',
  builder: (cli) =>
    solvingOptions(cli)
      .positional('config', CONFIG)
      .option('only', {
        type: 'string',
        requiresArg: true,
        default: WORTH_A_RETRY.join(','),
        describe: `Kinds of failure, separated by commas: ${failureKinds.join(', ')}`,
      })
      .example('$0 retry configs/demo.yaml --only oom,timeout --workers 1', 'what ran out of memory or time'),
  handler: (options) => {
    const kinds = options.only.split(',').map(failureKind);
    return execute(options, {
      solve: true,
      traces: options.trace,
      executor: options.executor,
      prepare: (store, plan) => void resetFailures(store, plan.name, kinds),
    });
  },
};
export default command;

function failureKind(name: string): FailureKind {
  const kind = failureKinds.find((known) => known === name.trim());
  if (kind) return kind;
  throw new UserError(`--only: unknown kind of failure "${name}": ${nearest(name, failureKinds)}`);
}
