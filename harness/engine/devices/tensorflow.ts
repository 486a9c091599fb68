import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { chooseTf32 } from './cuda.ts';
import { openEager } from './eager.ts';
import type { DeviceKind, Missing } from './kind.ts';

const PACKAGE = '@tensorflow/tfjs-node-gpu';
const INSTALL = `npm install ${PACKAGE}@4.22.0`;
const PATIENCE_MS = 120_000;

/** The package takes the CPU where it finds no card, and says so to nobody. */
const SCRIPT = `
  const tf = require(process.argv[1]);
  console.log(tf.backend().isUsingGpuDevice ? 'a card' : 'TensorFlow found no card');
`;

export const tensorflow: DeviceKind = {
  syntax: 'tensorflow:N',
  example: 'tensorflow:0',
  summary: 'TensorFlow.js for Node on an NVIDIA card',
  pattern: /^tensorflow:(?<number>\d+)$/,
  precisions: ['float32', 'tf32'],
  missing: (number) => {
    const entry = packageEntry();
    if (entry === null) return Promise.resolve({ reason: `${PACKAGE} is not installed`, install: INSTALL });
    return problem(entry, number ?? 0);
  },
  async open(request) {
    Object.assign(process.env, cardEnvironment(request.number!));
    chooseTf32(request.precision === 'tf32');
    createRequire(import.meta.url)(PACKAGE);
    return openEager(request, 'tensorflow');
  },
};

/** The cards that this process was given, as by Slurm: read before a device that is opened narrows them to its own. */
const GIVEN = process.env.CUDA_VISIBLE_DEVICES?.split(',');

/** TensorFlow has no other way to choose a card, and takes all of its memory unless told not to. */
function cardEnvironment(card: number): NodeJS.ProcessEnv {
  const own = GIVEN ? (GIVEN[card] ?? '') : String(card);
  return { CUDA_VISIBLE_DEVICES: own, TF_FORCE_GPU_ALLOW_GROWTH: 'true' };
}

function packageEntry(): string | null {
  try {
    return createRequire(import.meta.url).resolve(PACKAGE);
  } catch {
    return null;
  }
}

/** Loads it in a process of its own: a process that has loaded it has chosen its card. */
function problem(entry: string, card: number): Promise<Missing | null> {
  const options = {
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
    env: { ...process.env, ...cardEnvironment(card) },
  } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, ['-e', SCRIPT, entry], options, (error, stdout, stderr) => {
      const answer = stdout.trim().split('\n').at(-1)!;
      if (!error && answer === 'a card') return resolve(null);
      const [thrown] = stderr.split('\n').filter((line) => /^\w*Error: /.test(line));
      const reason = error ? (thrown ?? error.message.split('\n')[0]!) : answer;
      resolve({
        reason,
        install: `the NVIDIA driver and CUDA 11.2, which ${PACKAGE} is built for; Node 22 at most`,
      });
    });
  });
}
