import { UserError } from '../errors.ts';
import { RunLock } from '../scheduler/run-lock.ts';
import { cancelSubmission } from '../scheduler/slurm/cancel.ts';
import { realClock } from '../scheduler/slurm/clock.ts';
import { NotNow } from '../scheduler/slurm/cluster.ts';
import { DriverLock } from '../scheduler/slurm/driver-lock.ts';
import type { Submission } from '../scheduler/slurm/submission.ts';
import { closeStore, openStore } from '../store/store.ts';
import { counted } from '../text/count.ts';
import { requireSubmissions } from './collect.ts';
import type { Command } from './command.ts';
import { clusterFor } from './followed-run.ts';
import type { GlobalOptions } from './options.ts';
import { say } from './say.ts';
import { StopSignals } from './stop-signals.ts';

interface Options extends GlobalOptions {
  experiment: string | undefined;
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('experiment', { type: 'string', describe: 'Its name; the only one with jobs by default' })
      .example('$0 cancel ffhq', 'end its jobs; tweedie run submits what it lacks'),
  handler: async ({ experiment, results }) => {
    const submissions = requireSubmissions(results, experiment);
    const names = [...new Set(submissions.map(({ spec }) => spec.experiment))];
    if (names.length > 1) throw new UserError(`name an experiment: one of ${names.join(', ')}`);
    for (const submission of submissions) await cancel(submission, results);
  },
};
export default command;

async function cancel(submission: Submission, results: string): Promise<void> {
  const { experiment, submitted } = submission.spec;
  const driver = new DriverLock(results, experiment);
  const signals = new StopSignals();
  try {
    const lock = new RunLock(results, experiment);
    const store = openStore(results, { create: true });
    try {
      const cluster = clusterFor(results);
      const taken = await cancelSubmission(submission, store, cluster, realClock, signals.signal);
      say(`${experiment}: its jobs of ${submitted} are ended; ${counted(taken, 'cell')} taken in`);
    } catch (error) {
      if (error instanceof NotNow) throw new UserError(`Slurm does not answer: ${error.message}`);
      throw error;
    } finally {
      closeStore(store);
      lock.release();
    }
  } finally {
    signals.dispose();
    driver.release();
  }
}
