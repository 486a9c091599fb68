import { availableParallelism } from 'node:os';
import { closest, distance } from 'fastest-levenshtein';
import { UserError } from '../errors.ts';
import { type Compile, compileEager } from './compile.ts';
import { compilerFor } from './onnx/compile.ts';
import { useOnnxBackend } from './onnx/register.ts';
import type { Provider } from './onnx/session.ts';
import { type Tensor, tf } from './tf.ts';

/** Where tensors are computed. A process has one device at a time. */
export interface Device {
  /** As given, e.g. `cpu:2`. */
  readonly name: string;
  readonly compile: Compile;
  /** A weight: part of the compiled graphs, never changed. The data are used in place, not copied. */
  constant(data: Float32Array, shape: readonly number[]): Tensor;
  /** What a report should say of it. */
  info(): Record<string, string>;
  /** Graphs compiled so far; 0 on devices that compile nothing. */
  compilations(): number;
  dispose(): Promise<void>;
}

interface DeviceKind {
  readonly syntax: string;
  readonly summary: string;
  open(name: string, argument: number | null): Promise<Device>;
}

const SESSIONS_KEPT = 24;

async function openOnnx(name: string, provider: Provider, threads: number): Promise<Device> {
  const backend = await useOnnxBackend({ threads, provider, capacity: SESSIONS_KEPT });
  return {
    name,
    compile: compilerFor(backend),
    constant: (data, shape) => backend.constant(data, shape),
    info: () => ({ engine: 'onnxruntime', provider, threads: String(threads) }),
    compilations: () => backend.sessions.compiled,
    dispose: () => backend.sessions.dispose(),
  };
}

const KINDS: Record<string, DeviceKind> = {
  cpu: {
    syntax: 'cpu[:threads]',
    summary: 'ONNX Runtime on the CPU',
    open: (name, threads) => openOnnx(name, 'cpu', threads ?? availableParallelism()),
  },
  webgpu: {
    syntax: 'webgpu',
    summary: 'ONNX Runtime on a GPU through WebGPU (Vulkan, Metal or Direct3D 12); experimental',
    open: (name) => openOnnx(name, 'webgpu', 1),
  },
  wasm: {
    syntax: 'wasm',
    summary: 'TensorFlow.js WebAssembly, one thread; a cross-check, slow at gradients',
    async open(name) {
      await import('@tensorflow/tfjs-backend-wasm');
      await tf.setBackend('wasm');
      return {
        name,
        compile: compileEager,
        constant: (data, shape) => tf.keep(tf.tensor(data, [...shape])),
        info: () => ({ engine: 'tensorflow.js', provider: 'wasm', threads: '1' }),
        compilations: () => 0,
        dispose: async () => {},
      };
    },
  },
};

/** Opens `cpu`, `cpu:<threads>`, `webgpu` or `wasm`. Throws UserError for an unknown name. */
export async function openDevice(name: string): Promise<Device> {
  const [kind = '', argument] = name.split(':');
  const found = KINDS[kind];
  const number = argument === undefined ? null : Number(argument);
  if (!found || (number !== null && !(Number.isInteger(number) && number > 0))) throw unknownDevice(name);
  tf.enableProdMode();
  return found.open(name, number);
}

function unknownDevice(name: string): UserError {
  const nearest = closest(name, Object.keys(KINDS));
  const hint = distance(name, nearest) <= 2 ? `; did you mean "${nearest}"?` : '';
  return new UserError(
    `unknown device "${name}": expected ${Object.values(KINDS)
      .map((k) => k.syntax)
      .join(' or ')}${hint}`,
  );
}

/** The devices this program knows, for `list devices` and `doctor`. */
export async function listDevices(): Promise<
  { name: string; available: boolean; detail: string; install?: string }[]
> {
  return Object.values(KINDS).map(({ syntax, summary }) => ({
    name: syntax,
    available: true,
    detail: summary,
  }));
}
