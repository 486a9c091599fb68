import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Precision } from '../../harness/engine/device.ts';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';
import type { BenchCase } from './case.ts';
import type { Contender, Prepared } from './contender.ts';

/** What the benchmarks' setups leave, environments and files. */
export const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tweedie-test');

/**
 * The first Python that has these modules: $PYTHON, the environment that a folder's setup makes, python3; null where none
 * has.
 */
export function findPython(environment = 'pytorch', modules = 'torch'): string | null {
  const candidates = [process.env.PYTHON, join(CACHE, environment, 'bin/python'), 'python3'];
  return (
    candidates.find((python) => python && spawnSync(python, ['-c', `import ${modules}`]).status === 0) ?? null
  );
}

/**
 * The environment of the PyTorch process. Its matrix library counts threads by itself, and chooses its kernels for the
 * processor: a core type or cache size that this shell names (for another program's sake) halved its products' speed.
 * It leaves no compiled files in the repository.
 */
export function peerEnvironment(
  { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...inherited }: NodeJS.ProcessEnv,
  threads: number,
): NodeJS.ProcessEnv {
  const count = String(threads);
  return {
    ...inherited,
    OMP_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

/** How PyTorch computes. */
export interface PyTorchMode {
  readonly threads: number;
  /** By `torch.compile`, weights frozen where nothing is differentiated; else operator by operator. */
  readonly compiled: boolean;
  /** Its name of the device, as `cuda:0`. */
  readonly device: string;
  /** float16 is its autocast. */
  readonly precision: Precision;
}

/** PyTorch's name of the device that ours computes on: WebGPU does on the first card, where PyTorch finds one. */
export function torchDevice(python: string, ours: string): string {
  const [, family, number] = /^(\w+)(?::(\d+))?/.exec(ours)!;
  if (family === 'cpu' || family === 'wasm') return 'cpu';
  if (family !== 'webgpu') return `cuda:${number}`;
  const asked = spawnSync(python, ['-c', 'import torch; print(torch.cuda.is_available())'], {
    encoding: 'utf8',
  });
  return asked.stdout.trim() === 'True' ? 'cuda:0' : 'cpu';
}

/** PyTorch, in a process that lives as long as the benchmark. */
export class PyTorch implements Contender {
  readonly name: string;
  readonly version: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;
  readonly #compiled: boolean;

  static async start(name: string, python: string, mode: PyTorchMode): Promise<PyTorch> {
    const { threads, compiled, device, precision } = mode;
    const script = join(PACKAGE_ROOT, 'test/bench/pytorch/main.py');
    const how = [String(threads), compiled ? 'compiled' : 'eager', device, precision];
    const child = spawn(python, ['-u', script, ...how], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: peerEnvironment(process.env, threads),
    });
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { version } = await nextAnswer(answers);
    return new PyTorch(name, child, answers, String(version), compiled);
  }

  private constructor(
    name: string,
    child: ChildProcessByStdio<Writable, Readable, null>,
    answers: AsyncIterator<string>,
    version: string,
    compiled: boolean,
  ) {
    this.#child = child;
    this.#answers = answers;
    this.version = version;
    this.#compiled = compiled;
    this.name = name;
  }

  takes({ pytorch }: BenchCase): boolean {
    return !(this.#compiled && pytorch.byScipy);
  }

  async prepare({ pytorch }: BenchCase): Promise<Prepared> {
    const { values, operations } = await this.#ask(pytorch);
    return { values: values as number[], operations: operations as number | null };
  }

  async time(runs: number): Promise<number> {
    return (await this.#ask({ runs })).ms as number;
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
  }

  #ask(request: unknown): Promise<Record<string, unknown>> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return nextAnswer(this.#answers);
  }
}

async function nextAnswer(answers: AsyncIterator<string>): Promise<Record<string, unknown>> {
  const { value, done } = await answers.next();
  if (done) throw new Error('the PyTorch process ended; what it said is above');
  const answer = JSON.parse(value);
  if (answer.error) throw new Error(answer.error);
  return answer;
}
