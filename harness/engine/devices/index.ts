import { cpu } from './cpu.ts';
import { cuda, tensorrt } from './cuda.ts';
import type { DeviceKind } from './kind.ts';
import { tensorflow } from './tensorflow.ts';
import { wasm } from './wasm.ts';
import { webgpu } from './webgpu.ts';

/** Kinds of devices, by what their names begin with. */
export const KINDS: Readonly<Record<string, DeviceKind>> = { cpu, cuda, tensorrt, webgpu, tensorflow, wasm };
