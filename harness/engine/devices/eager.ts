import { compileEager } from '../compile.ts';
import { tf } from '../tf.ts';
import { valuesOf } from '../weight.ts';
import { explaining } from './failures.ts';
import type { Device, DeviceRequest } from './kind.ts';

/** A device on tfjs's backend of this name, which runs each operator when it is called. */
export async function openEager(
  { name, precision }: DeviceRequest,
  backend: 'wasm' | 'tensorflow',
): Promise<Device> {
  await tf.setBackend(backend);
  const compile = explaining(compileEager, name);
  return {
    name,
    compile,
    compileInFull: compile,
    constant: (data, shape) => tf.keep(tf.tensor(valuesOf(data), [...shape])),
    info: () => ({ engine: 'tensorflow.js', provider: backend, precision, threads: '1' }),
    compilations: () => 0,
    dispose: async () => {},
  };
}
