import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { feedNode, Graph, programOf } from './graph.ts';
import { emitModel } from './model.ts';

/** Starting a software driver on a busy machine takes seconds; one that hangs must not hang us. */
const PATIENCE_MS = 60_000;

const SCRIPT = `
  const { InferenceSession, Tensor } = require(process.argv[1]);
  const options = { executionProviders: ['webgpu'], logSeverityLevel: 4 };
  InferenceSession.create(Buffer.from(process.argv[2], 'base64'), options)
    .then((session) => session.run({ [session.inputNames[0]]: new Tensor('float32', [2], [1]) }))
    .then((results) => console.log('-2 expected, found ' + Object.values(results)[0].data[0]))
    .catch((error) => console.log(error.message));
`;

/**
 * Why ONNX Runtime cannot compute through WebGPU on this machine, in one line; null: it can. It negates a number in a
 * process of its own, because a graphics driver that fails may take its process with it.
 */
export function webgpuProblem(): Promise<string | null> {
  const graph = new Graph();
  const x = feedNode('float32', [1]);
  const { bytes } = emitModel(programOf([graph.op('Neg', [x], x)]));
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-node');
  const args = ['-e', SCRIPT, runtime, Buffer.from(bytes).toString('base64')];
  return new Promise((resolve) => {
    const limits = { timeout: PATIENCE_MS, killSignal: 'SIGKILL' } as const;
    execFile(process.execPath, args, limits, (error, stdout, stderr) => {
      if (stdout.trim() === '-2 expected, found -2') return resolve(null);
      // ONNX Runtime's reason stands after the assertion that failed, Dawn's warning in a line of its own.
      const reason = stdout.trim().replace(/^.* was false\. /s, '') || error?.message || 'no answer';
      const [warning] = stderr.split('\n').filter((line) => line.startsWith('Warning: '));
      resolve([reason, ...(warning ? [warning.slice('Warning: '.length)] : [])].join('; '));
    });
  });
}
