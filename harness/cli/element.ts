import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { type Pause, runElement } from '../scheduler/slurm/element.ts';
import { requeue } from '../scheduler/slurm/requeue.ts';
import { Submission } from '../scheduler/slurm/submission.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { packageInfo } from './package-info.ts';
import { say, warn } from './say.ts';

interface Options extends GlobalOptions {
  dir: string;
  array: number;
  index: number;
}

/** To be continued: of what is left the part file tells. */
const PAUSED = 75;

/** What a batch may take still, once an element is warned: Slurm's time limit comes two minutes after its warning. */
const AFTER_WARNING_MS = 90_000;
/** And once it is told to end: half of the time that Slurm waits by default before it kills. */
const AFTER_TERM_MS = 15_000;
/** For Slurm's answer, of the time that is left then. */
const REQUEUE_MS = 15_000;

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('dir', { type: 'string', demandOption: true, describe: 'Folder of a submission' })
      .positional('array', { type: 'number', demandOption: true, describe: 'Number of its array' })
      .positional('index', { type: 'number', demandOption: true, describe: 'In the array' }),
  handler: async ({ dir, array, index }) => {
    const submission = Submission.open(resolve(dir));
    const { version } = packageInfo();
    if (submission.spec.program !== version)
      throw new UserError(
        `${dir}: submitted by tweedie ${submission.spec.program}, this is ${version}; end it and submit again: tweedie cancel ${submission.spec.experiment}`,
      );
    const pause = pauseBySignals();
    const { env } = process;
    const cpus = env.SLURM_CPUS_PER_TASK ?? env.SLURM_CPUS_ON_NODE;
    const job = env.SLURM_ARRAY_JOB_ID ?? '-';
    const start = {
      ...{ array, index, job: `${job}_${index}` },
      restart: Number(env.SLURM_RESTART_COUNT ?? 0),
      cpus: cpus === undefined ? null : Number(cpus),
    };
    const { kind, settled } = await runElement(submission, start, pause, warn);
    say(`${start.job}: ${kind}`);
    process.exitCode = kind === 'finished' ? 0 : PAUSED;
    // One that has got nowhere would never end.
    const goesOn = kind === 'paused' && settled > 0 && pause.isTimeOver();
    if (goesOn && (await requeue(start.job, { environment: env, timeoutMs: REQUEUE_MS })))
      say(`${start.job}: its time is over; Slurm starts it again`);
  },
};
export default command;

function pauseBySignals(): Pause & { isTimeOver(): boolean } {
  const [asked, now] = [new AbortController(), new AbortController()];
  const heard = new Set<NodeJS.Signals>();
  const on = (signal: NodeJS.Signals, milliseconds: number) =>
    process.on(signal, () => {
      heard.add(signal);
      asked.abort();
      setTimeout(() => now.abort(), milliseconds).unref();
    });
  on('SIGUSR2', AFTER_WARNING_MS);
  on('SIGTERM', AFTER_TERM_MS);
  // SIGTERM is somebody's wish that it ends, or Slurm's, which starts it again itself where it does.
  const isTimeOver = () => heard.has('SIGUSR2') && !heard.has('SIGTERM');
  return { asked: asked.signal, now: now.signal, isTimeOver };
}
