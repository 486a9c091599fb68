import { type Compile, compileEager } from '../../harness/engine/compile.ts';
import { openDevice } from '../../harness/engine/device.ts';
import { tf } from '../../harness/engine/tf.ts';

/** What a suite can run on. `cpu-reference` is tfjs's plain JavaScript backend, which every other device must match. */
export const DEVICES = ['cpu-reference', 'cpu'] as const;
export type DeviceName = (typeof DEVICES)[number];

/** Makes a device the current one and gives its way to compile steps; call it in beforeAll. */
export async function useDevice(name: DeviceName): Promise<{ readonly compile: Compile }> {
  if (name !== 'cpu-reference') return openDevice(name);
  await tf.setBackend('cpu');
  return { compile: compileEager };
}
