import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';

const MAIN = fileURLToPath(new URL('../../dist/harness/cli/main.js', import.meta.url));
const PLUGIN = fileURLToPath(new URL('./plugins/arithmetic.js', import.meta.url));
if (!existsSync(MAIN)) throw new Error('the end-to-end tests run the built program: npm run build');

/** Columns of an export that are the same however a run went. */
const NUMBERS =
  'solver,params,task,taskParams,dataset,item,seed,metric,version,protocol,value,standardError,methodKey,prior,kind,' +
  'captions,key,status,images,seeds,replicates,warnings';

/** `ldps on denoising: psnr 20.07, ssim 0.71 (2 images)`, and on a slow machine `3/4 done, 0 failed, ETA 0:10`. */
const PROGRESS = /^(?:\d+\/\d+ done, .*|\S.* on \S+: (?:\S+ [-\d.]+(?:, )?)+ \(\d+ images?\))\n/gm;

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A folder with an experiment of the arithmetic solver, in which the built program is run. */
export class Workplace {
  /** A solver and a prior that tests can make fail. */
  static readonly plugin = PLUGIN;
  readonly dir: string;

  /** `cleanUp` registers what is to be done when the folder is not needed any more. */
  constructor(cleanUp: (action: () => void) => void = onTestFinished) {
    this.dir = mkdtempSync(join(tmpdir(), 'tweedie-e2e-'));
    cleanUp(() => rmSync(this.dir, { recursive: true, force: true }));
  }

  get results(): string {
    return join(this.dir, 'results');
  }

  /** Writes `<name>.yaml`, by default 8 images in batches of 2, two seeds and two settings of the solver: 32 cells and the baseline's 16. */
  experiment(name: string, keys: Record<string, unknown> = {}): string {
    const file = `${name}.yaml`;
    const config = {
      name,
      plugins: [PLUGIN],
      prior: 'nothing',
      data: { set: 'toyfaces', split: 'test', count: 8 },
      seeds: [0, 1],
      tasks: ['random-inpainting'],
      solvers: [{ arithmetic: { gain: [0.2, 0.5], steps: 5 } }],
      batch: 2,
      workers: 2,
      ...keys,
    };
    writeFileSync(join(this.dir, file), stringify(config));
    return file;
  }

  /** The command line of the built program. */
  command(...args: readonly string[]): string[] {
    return [process.execPath, MAIN, ...args];
  }

  /** What it prints on standard error is given without what tells of its progress. */
  start(
    args: readonly string[],
    env: Readonly<NodeJS.ProcessEnv> = {},
  ): { process: ChildProcess; ended: Promise<Ended> } {
    const [program, ...rest] = this.command(...args);
    const child = spawn(program!, rest, {
      cwd: this.dir,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
      ([[code, signal], stdout, stderr]) => ({ code, signal, stdout, stderr: stderr.replace(PROGRESS, '') }),
    );
    return { process: child, ended };
  }

  run(...args: readonly string[]): Promise<Ended> {
    return this.start(args).ended;
  }

  /** What `tweedie status --json` says of an experiment. */
  async status(name: string) {
    const { stdout } = await this.run('status', name, '--json');
    return JSON.parse(stdout).experiments[0];
  }

  /** The numbers of an experiment and what they are of, without times and other provenance, as text. */
  async rows(name: string, results = this.results): Promise<string> {
    return (await this.run('export', name, '--columns', NUMBERS, '--results', results)).stdout;
  }
}

/**
 * Hears of each step that a child takes, with the child's process number; the child goes on when what is returned is
 * settled. Gives the environment for the run; `cleanUp` registers what is to be done when nothing is to be heard any more.
 */
export async function hearSteps(
  onStep: (pid: number) => unknown,
  cleanUp: (action: () => void) => void = onTestFinished,
): Promise<Record<string, string>> {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-steps-'));
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let pid = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      pid += bytes;
    });
    socket.on('end', async () => {
      await onStep(Number(pid));
      socket.end();
    });
  });
  const path = join(dir, 'steps');
  server.listen(path);
  await once(server, 'listening');
  cleanUp(() => {
    server.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return { TWEEDIE_TEST_SOCKET: path };
}
