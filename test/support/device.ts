import { type Compile, compileEager } from '../../harness/engine/compile.ts';
import { openDevice } from '../../harness/engine/device.ts';
import { tf } from '../../harness/engine/tf.ts';

/** tfjs's plain JavaScript backend, which every device must match. */
export const REFERENCE = 'cpu-reference';

/** Devices of the conformance suite: TWEEDIE_TEST_DEVICES=cuda:0,webgpu, by default those of every machine. */
export const TESTED_DEVICES: readonly string[] = process.env.TWEEDIE_TEST_DEVICES?.split(',') ?? [
  'cpu',
  'wasm',
];

/** What a suite of networks or priors runs on; the reference is left out where devices are named. */
export const DEVICES: readonly string[] = process.env.TWEEDIE_TEST_DEVICES
  ? TESTED_DEVICES
  : [REFERENCE, ...TESTED_DEVICES];
export type DeviceName = string;

/** The devices whose every operator takes seconds: one case of each kind is enough there. */
export function isSlow(device: DeviceName): boolean {
  return device === REFERENCE || device.startsWith('webgpu');
}

/**
 * How many times a fixture's tolerance a device may be off. WebGPU promises sines and cosines within 2^-11 only, which
 * embeddings of time steps are made of; graphics cards add in an order of their own.
 */
export function looseness(device: DeviceName): number {
  if (device.startsWith('webgpu')) return 10;
  return /^(cuda|tensorrt|tensorflow):/.test(device) ? 5 : 1;
}

let current: DeviceName = REFERENCE;

/** The device that useDevice made the current one. */
export function currentDevice(): DeviceName {
  return current;
}

/** Makes a device the current one and gives its way to compile steps; call it in beforeAll. */
export async function useDevice(name: DeviceName): Promise<{ readonly compile: Compile }> {
  current = name;
  if (name !== REFERENCE) return openDevice(name);
  await tf.setBackend('cpu');
  return { compile: compileEager };
}
