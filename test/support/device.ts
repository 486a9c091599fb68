import { openDevice } from '../../harness/engine/device.ts';
import { tf } from '../../harness/engine/tf.ts';

/** What a suite can run on. `cpu-reference` is tfjs's plain JavaScript backend, which every other device must match. */
export const DEVICES = ['cpu-reference', 'cpu'] as const;
export type DeviceName = (typeof DEVICES)[number];

/** Makes a device the current one; call it in beforeAll. */
export async function useDevice(name: DeviceName): Promise<void> {
  if (name === 'cpu-reference') await tf.setBackend('cpu');
  else await openDevice(name);
}
