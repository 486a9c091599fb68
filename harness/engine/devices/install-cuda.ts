import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { UserError } from '../../errors.ts';
import { onnxruntimeFolder } from './runtime-folder.ts';

/**
 * Fetches ONNX Runtime's CUDA and TensorRT providers by its own post-install script: a large package from
 * api.nuget.org, not from the npm registry, which is why no installation does it by itself. Throws UserError.
 */
export async function installCuda(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new UserError(`ONNX Runtime's CUDA provider for Node is there for Linux x64 only`);
  const script = join(onnxruntimeFolder(), 'script/install.js');
  const child = spawn(process.execPath, [script], {
    // `true` is all that the platform has, which is CUDA 12; the script takes the name `cuda12` for no wish at all.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'true' },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const [[code], stderr] = await Promise.all([once(child, 'close'), text(child.stderr)]);
  if (code === 0) return;
  const reason = /^\w*Error: (.*)$/m.exec(stderr)?.[1] ?? `${script} ended with code ${code}`;
  throw new UserError(`ONNX Runtime's CUDA provider could not be installed: ${reason}`);
}
