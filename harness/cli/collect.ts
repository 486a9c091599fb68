import { relative } from 'node:path';
import { UserError } from '../errors.ts';
import { groupBy } from '../group-by.ts';
import { RunLock } from '../scheduler/run-lock.ts';
import { lacksScores } from '../scheduler/score-plan.ts';
import { DriverLock } from '../scheduler/slurm/driver-lock.ts';
import type { Submission } from '../scheduler/slurm/submission.ts';
import { closeStore, openStore } from '../store/store.ts';
import { nameIn } from '../store/versions.ts';
import { counted } from '../text/count.ts';
import { submissionsOf } from './by-slurm.ts';
import type { Command } from './command.ts';
import { conclude } from './conclusion.ts';
import { eachFile } from './each-file.ts';
import { FollowedRun } from './followed-run.ts';
import type { GlobalOptions } from './options.ts';
import { registriesWith } from './registries.ts';
import { say, sayJson, warn } from './say.ts';

interface Options extends GlobalOptions {
  experiment: string | undefined;
  wait: boolean;
  score: boolean;
  report: boolean;
  json: boolean;
}

const STALL_SECONDS = 1800;

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('experiment', { type: 'string', describe: 'Its name; all that have jobs by default' })
      .option('wait', {
        type: 'boolean',
        default: true,
        describe: 'Follow the jobs to their end (--no-wait: look once)',
      })
      .option('score', {
        type: 'boolean',
        default: true,
        describe:
          'Compute here what numbers elements could not (--no-score: tweedie score does it, in a job)',
      })
      .option('report', {
        type: 'boolean',
        default: true,
        describe: 'Write the HTML report at the end (--no-report: do not)',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document at the end, no progress; of all experiments a list of theirs',
      })
      .example('$0 collect ffhq', 'go on where a run was detached, from any node')
      .example('$0 collect --no-wait', 'take in what is there'),
  handler: async (options) => {
    const { results, experiment, json } = options;
    const open = groupBy(requireSubmissions(results, experiment), ({ spec }) => spec.experiment);
    const documents: object[] = [];
    try {
      await eachFile([...open.keys()], (name) =>
        collect(open.get(name)!, options, (document) => documents.push(document)),
      );
    } finally {
      if (json && documents.length > 0)
        sayJson(experiment === undefined ? { experiments: documents } : documents[0], 2);
    }
  },
};
export default command;

/** @throws UserError where nothing is under way */
export function requireSubmissions(results: string, experiment: string | undefined): Submission[] {
  const name = experiment === undefined ? null : nameIn(experiment);
  const found = submissionsOf(results, name);
  if (found.length > 0) return found;
  const others = [...new Set(submissionsOf(results, null).map(({ spec }) => spec.experiment))];
  const of = name === null ? '' : ` of ${name}`;
  throw new UserError(
    `${results}: no jobs${of} are under way${others.length > 0 ? `; there are jobs of ${others.join(', ')}` : ''}`,
  );
}

/** @param submissions of one experiment, oldest first */
async function collect(
  submissions: readonly Submission[],
  { results, wait, score, report, json }: Options,
  tell: (document: object) => void,
): Promise<void> {
  const plan = submissions.at(-1)!.plan();
  const known = await registriesWith(plan.plugins);
  const driver = new DriverLock(results, plan.name);
  try {
    const lock = new RunLock(results, plan.name);
    const store = openStore(results, { create: true });
    const run = new FollowedRun({ plan, known }, store, json);
    try {
      for (const submission of submissions) await run.follow(submission, null, wait);
      const limits = { batchSeconds: null, stallSeconds: STALL_SECONDS };
      const summary = score ? await run.score(limits, lock.note) : run.summary();
      const goesOn = !wait && summary.outcome === 'interrupted';
      if (goesOn && !json) {
        say(`${plan.name}: ${counted(summary.solved + summary.failed, 'cell')} taken in`);
        return;
      }
      const config = relative('', plan.configFile);
      const computing = { set: [], workers: undefined, device: undefined, timeout: undefined };
      const options = { ...computing, results, config, report, json, failFast: false };
      await conclude({ ...options, stallTimeout: STALL_SECONDS }, plan, store, summary, tell);
      // To look once is all that was asked for.
      if (goesOn) process.exitCode = 0;
      if (!score && summary.outcome === 'finished' && lacksScores(store, plan.name, known))
        warn(`numbers are missing still, as was asked for; in a job: tweedie score ${config}`);
    } finally {
      run.dispose();
      closeStore(store);
      lock.release();
    }
  } finally {
    driver.release();
  }
}
