/** A real Slurm cluster of one node for a file of tests, by a script that lies beside the repository. */
import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';

const SCRIPT = process.env.TWEEDIE_SLURM_ONE_NODE ?? join(PACKAGE_ROOT, '../shared/tools/slurm-one-node');
const installed = spawnSync('sh', [
  '-c',
  'PATH="$PATH:/usr/sbin"; command -v sbatch && command -v slurmctld',
]);

/** Whether such a cluster can be started here. */
export const SLURM: boolean = existsSync(SCRIPT) && installed.status === 0;
/** For the name of tests that ask for it. */
export const whyNoSlurm = SLURM
  ? ''
  : existsSync(SCRIPT)
    ? ` (skipped: ${SCRIPT} install has not been run)`
    : ` (skipped: there is no ${SCRIPT})`;

/** A line of slurm.conf: its node has so many processors, whatever this machine has. */
export const processors = (count: number): string =>
  `NodeName=n1 NodeHostname=${hostname().split('.')[0]} NodeAddr=127.0.0.1 CPUs=${count} RealMemory=8000 Gres=gpu:2`;

export type Daemon = 'slurmctld' | 'slurmd' | 'slurmdbd';

export interface OneNodeSlurm {
  /** Where it keeps its files; also the place for a test's own. Gone after the tests. */
  readonly folder: string;
  /** What a program's environment has to be for Slurm's commands in it to find this cluster. */
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Ends a daemon, at once where no signal is named. */
  kill(daemon: Daemon, signal?: 'KILL' | 'TERM'): Promise<void>;
  /** Starts a daemon again; resolves when it answers. */
  start(daemon: Daemon): Promise<void>;
  /** One of Slurm's own programs; resolves with what it printed. */
  command(program: string, ...args: readonly string[]): Promise<string>;
}

/**
 * Starts a cluster before the tests of a file or of a `describe`, and stops it, with all of its jobs, after them.
 * @param conf lines that replace or extend slurm.conf, as `MinJobAge=2`
 * @param accounting false: without sacct, and up sooner
 */
export function oneNodeSlurm(conf: readonly string[] = [], { accounting = true } = {}): OneNodeSlurm {
  // Slurm's sockets want a short path.
  const folder = join(tmpdir(), `slurm-${randomUUID().slice(0, 8)}`);
  const environment = {
    ...process.env,
    SLURM_ONE_NODE: folder,
    SLURM_CONF: join(folder, 'slurm.conf'),
    ONE_NODE_CONF: conf.join('\n'),
    ONE_NODE_SACCT: accounting ? '1' : '0',
  };
  const run = async (program: string, args: readonly string[]) =>
    (await promisify(execFile)(program, args, { env: environment })).stdout;
  beforeAll(() => run(SCRIPT, ['up', folder]), 120_000);
  afterAll(async () => {
    await run(SCRIPT, ['down']);
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);
  return {
    folder,
    environment,
    kill: async (daemon, signal = 'KILL') => void (await run(SCRIPT, ['kill', daemon, signal])),
    start: async (daemon) => void (await run(SCRIPT, ['start', daemon])),
    command: (program, ...args) => run(program, args),
  };
}
