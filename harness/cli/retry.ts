import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import type { Plan } from '../plan/plan.ts';
import { WORTH_A_RETRY } from '../scheduler/retry-policy.ts';
import { type FailureKind, failureKinds } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { resetFailures } from '../store/writes.ts';
import { type AskedOptions, askedBy, askedOptions } from './asked-options.ts';
import { submissionsOf } from './by-slurm.ts';
import type { Command } from './command.ts';
import { execute } from './execute.ts';
import { CONFIG, type SolvingOptions, solvingOptions } from './experiment-options.ts';

interface Options extends SolvingOptions, AskedOptions {
  only: string;
}

const command: Command<Options> = {
  builder: (cli) =>
    askedOptions(solvingOptions(cli))
      .positional('config', CONFIG)
      .option('only', {
        type: 'string',
        requiresArg: true,
        default: WORTH_A_RETRY.join(','),
        describe: `Kinds of failure, separated by commas: ${failureKinds.join(', ')}`,
      })
      .example('$0 retry configs/demo.yaml --only oom,timeout --workers 1', 'what ran out of memory or time')
      .example('$0 retry ffhq.yaml --only oom --mem 80G', 'of an experiment on a cluster, with more memory'),
  handler: (options) => {
    const kinds = options.only.split(',').map(failureKind);
    return execute(options, {
      solve: true,
      traces: options.trace,
      executor: options.executor,
      asked: askedBy(options),
      prepare: (store, plan) => {
        refuseWhileJobsAreOpen(store, plan);
        resetFailures(store, plan.name, kinds);
      },
    });
  },
};
export default command;

/** What an element has written of a failure would be entered again. @throws UserError */
function refuseWhileJobsAreOpen({ dir }: Store, { name }: Plan): void {
  const [open] = submissionsOf(dir, name);
  if (!open) return;
  throw new UserError(
    `${dir}: the jobs of ${name} of ${open.spec.submitted} are not taken in to their end; first tweedie collect ${name}, or tweedie cancel ${name}`,
  );
}

function failureKind(name: string): FailureKind {
  const kind = failureKinds.find((known) => known === name.trim());
  if (kind) return kind;
  throw new UserError(`--only: unknown kind of failure "${name}": ${nearest(name, failureKinds)}`);
}
