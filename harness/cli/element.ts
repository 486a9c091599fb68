import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { type Pause, runElement } from '../scheduler/slurm/element.ts';
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
    const end = await runElement(submission, start, pause, warn);
    say(`${start.job}: ${end}`);
    process.exitCode = end === 'finished' ? 0 : PAUSED;
  },
};
export default command;

function pauseBySignals(): Pause {
  const [asked, now] = [new AbortController(), new AbortController()];
  const after = (milliseconds: number) => () => {
    asked.abort();
    setTimeout(() => now.abort(), milliseconds).unref();
  };
  process.on('SIGUSR2', after(AFTER_WARNING_MS));
  process.on('SIGTERM', after(AFTER_TERM_MS));
  return { asked: asked.signal, now: now.signal };
}
