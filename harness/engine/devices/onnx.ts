import type { SessionOptions } from '../onnx/session.ts';
import { explaining } from './failures.ts';
import type { Device, DeviceRequest } from './kind.ts';

const SESSIONS_KEPT = 24;

/** A device that runs compiled graphs in ONNX Runtime. */
export async function openOnnx(
  { name, cpuFallback, precision }: DeviceRequest,
  runtime: Pick<SessionOptions, 'provider' | 'threads' | 'card'>,
): Promise<Device> {
  // Loaded now: their kernels are registered with TensorFlow.js, which is loaded where something computes (tf.ts).
  const { compilerFor } = await import('../onnx/compile.ts');
  const { useOnnxBackend } = await import('../onnx/register.ts');
  const options = { ...runtime, cpuFallback, capacity: SESSIONS_KEPT };
  const backend = await useOnnxBackend(options);
  return {
    name,
    compile: explaining(compilerFor(backend, precision === 'float16'), name),
    compileInFull: explaining(compilerFor(backend), name),
    constant: (data, shape) => backend.constant(data, shape),
    info: () => ({
      engine: 'onnxruntime',
      provider: runtime.provider,
      precision,
      threads: String(runtime.threads),
    }),
    compilations: () => backend.sessions.compiled,
    dispose: () => backend.sessions.dispose(),
  };
}
