import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { feedNode, Graph, programOf } from '../onnx/graph.ts';
import { emitModel } from '../onnx/model.ts';
import { executionProviders, type Provider } from '../onnx/session.ts';

/** Starting a software driver on a busy machine takes seconds; one that hangs must not hang us. */
const PATIENCE_MS = 60_000;

const SCRIPT = `
  const { InferenceSession, Tensor } = require(process.argv[1]);
  const options = { executionProviders: JSON.parse(process.argv[3]), logSeverityLevel: 3 };
  InferenceSession.create(Buffer.from(process.argv[2], 'base64'), options)
    .then((session) => session.run({ [session.inputNames[0]]: new Tensor('float32', [2], [1]) }))
    .then((results) => console.log('-2 expected, found ' + Object.values(results)[0].data[0]))
    .catch((error) => console.log(error.message));
`;

/**
 * Why ONNX Runtime cannot compute through a provider on this machine, in one line; null: it can. It negates a number in a
 * process of its own, because a graphics driver that fails may take its process with it.
 */
export function providerProblem(provider: Provider, card = 0): Promise<string | null> {
  const graph = new Graph();
  const x = feedNode('float32', [1]);
  const { bytes } = emitModel(programOf([graph.op('Neg', [x], x)]));
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-node');
  const providers = JSON.stringify(executionProviders(provider, card));
  const args = ['-e', SCRIPT, runtime, Buffer.from(bytes).toString('base64'), providers];
  return new Promise((resolve) => {
    const limits = { timeout: PATIENCE_MS, killSignal: 'SIGKILL' } as const;
    execFile(process.execPath, args, limits, (error, stdout, stderr) => {
      if (stdout.trim() === '-2 expected, found -2') return resolve(null);
      resolve(reasonOf(stdout.trim() || error?.message || 'no answer', stderr));
    });
  });
}

/** What ONNX Runtime, the loader or the driver says of it, each in its own place. */
function reasonOf(answer: string, stderr: string): string {
  const library = /Failed to load library (\S+) with error: (?:\S+\.so: )?(.*)/.exec(stderr);
  if (library) return `${basename(library[1]!)}: ${library[2]}`;
  // ONNX Runtime's reason stands after the assertion that failed, Dawn's warning in a line of its own.
  const reason = answer.replace(/^.* was false\. /s, '').split('\n')[0]!;
  const warning = /^Warning: (.*)$/m.exec(stderr)?.[1];
  return warning ? `${reason}; ${warning}` : reason;
}
