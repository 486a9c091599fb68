import './kernels/attention.ts';
import './kernels/block-sums.ts';
import './kernels/elementwise.ts';
import './kernels/matmul.ts';
import './kernels/network.ts';
import './kernels/pool.ts';
import './kernels/reduce.ts';
import './kernels/shape.ts';
import { tf } from '../tf.ts';
import { OnnxBackend } from './backend.ts';
import { BACKEND } from './kernels/define.ts';
import { SessionCache, type SessionOptions } from './session.ts';

/** Makes the onnx backend tfjs's current one. */
export async function useOnnxBackend(options: SessionOptions): Promise<OnnxBackend> {
  if (tf.engine().findBackendFactory(BACKEND)) tf.removeBackend(BACKEND);
  const backend = new OnnxBackend(new SessionCache(options));
  tf.registerBackend(BACKEND, () => backend as never);
  await tf.setBackend(BACKEND);
  return backend;
}
