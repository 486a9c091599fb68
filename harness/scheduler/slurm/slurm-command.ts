import { execFile } from 'node:child_process';
import { UserError } from '../../errors.ts';
import { NotNow } from './cluster.ts';

export type SlurmProgram = 'sbatch' | 'squeue' | 'sacct' | 'scancel' | 'scontrol' | 'sacctmgr';

/** What a program printed, and how it ended. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How programs are started. */
export interface Surroundings {
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** After so long a program is ended: some wait for a daemon that is away. */
  readonly timeoutMs: number;
}

/** A daemon that is away, restarting or overloaded, or an authentication service that is. */
const MAY_WORK_LATER =
  /unable to contact slurm|socket timed out|zero bytes were transmitted|authentication error|connection (?:refused|timed out|reset)|temporarily unable|temporarily unavailable|try again/i;

/** A person's own defaults that would hide jobs, ask questions, wait for the end or send jobs where nobody looks for them. */
const MISLEADING = /^(?:SQUEUE|SACCT|SCANCEL|SCONTROL)_|^SBATCH_(?:WAIT|CLUSTERS)$/;

/** Words in English, ranges of indices in full. A job inherits what sbatch has: it keeps its own language. */
const READABLE = { LC_ALL: 'C', SLURM_BITSTR_LEN: '0' };

/** More than the rows of all of a user's jobs. */
const LONGEST_OUTPUT = 2 ** 28;

/**
 * Runs one of Slurm's programs, without a shell.
 * @param input what it reads from its standard input
 * @throws NotNow where the cluster does not answer or the time is over
 * @throws UserError where the program is missing
 */
export function slurmCommand(
  program: SlurmProgram,
  args: readonly string[],
  { environment, timeoutMs }: Surroundings,
  input = '',
): Promise<Answer> {
  const own = Object.fromEntries(Object.entries(environment).filter(([name]) => !MISLEADING.test(name)));
  const env = program === 'sbatch' ? own : { ...own, ...READABLE };
  const options = { env, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: LONGEST_OUTPUT } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve({ code: 0, stdout, stderr });
      if (error.code === 'ENOENT') return reject(missing(program));
      if (error.killed) return reject(new NotNow(`${program}: no answer within ${timeoutMs / 1000} s`));
      // As by Slurm itself, where the job is ended in which the program runs.
      if (error.signal) return reject(new NotNow(`${program}: ended by ${error.signal}`));
      if (typeof error.code !== 'number') return reject(error);
      const answer = { code: error.code, stdout, stderr };
      if (MAY_WORK_LATER.test(stderr)) return reject(new NotNow(`${program}: ${wordsOf(answer)}`));
      resolve(answer);
    });
    // A program that ends without reading says why itself.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** What a program complained of, in one line. */
export function wordsOf({ stderr, stdout, code }: Answer): string {
  const lines = (stderr.trim() || stdout.trim() || `exit code ${code}`).split('\n');
  return lines.map((line) => line.replace(/^s\w+: (?:error: )?/, '').trim()).join('; ');
}

function missing(program: SlurmProgram): UserError {
  return new UserError(
    `${program}: no such program; the executor slurm needs sbatch, squeue, scancel and scontrol in PATH, as on a cluster's login node (docs/cluster.md); --executor local runs here`,
  );
}
