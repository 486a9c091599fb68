import { availableParallelism } from 'node:os';
import { closest, distance } from 'fastest-levenshtein';
import { UserError } from '../errors.ts';
import { type Compile, compileEager } from './compile.ts';
import { compilerFor } from './onnx/compile.ts';
import { useOnnxBackend } from './onnx/register.ts';
import type { Provider } from './onnx/session.ts';
import { webgpuProblem } from './onnx/webgpu-probe.ts';
import { type Tensor, tf } from './tf.ts';
import { valuesOf, type WeightData } from './weight.ts';

/** Where tensors are computed. A process has one device at a time. */
export interface Device {
  /** As given, e.g. `cpu:2`. */
  readonly name: string;
  readonly compile: Compile;
  /** A weight: part of the compiled graphs, never changed. The data are used in place, not copied. */
  constant(data: WeightData, shape: readonly number[]): Tensor;
  /** What a report should say of it. */
  info(): Record<string, string>;
  /** Graphs compiled so far; 0 on devices that compile nothing. */
  compilations(): number;
  dispose(): Promise<void>;
}

/** Why a device cannot be used on this machine, and what would change that. */
interface Missing {
  readonly reason: string;
  readonly install: string;
}

interface DeviceKind {
  readonly syntax: string;
  readonly summary: string;
  /** Looked for where a machine may lack it; null: it is there. */
  missing?(): Promise<Missing | null>;
  open(name: string, argument: number | null): Promise<Device>;
}

const SESSIONS_KEPT = 24;
const WEBGPU_INSTALL =
  "the graphics card's driver; on Linux one with Vulkan, and its loader (Debian: apt install libvulkan1)";

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
    async missing() {
      const reason = await webgpuProblem();
      return reason === null ? null : { reason, install: WEBGPU_INSTALL };
    },
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
        constant: (data, shape) => tf.keep(tf.tensor(valuesOf(data), [...shape])),
        info: () => ({ engine: 'tensorflow.js', provider: 'wasm', threads: '1' }),
        compilations: () => 0,
        dispose: async () => {},
      };
    },
  },
};

/** What a device's name begins with: `cpu` of `cpu:2`. */
export const deviceKinds: readonly string[] = Object.keys(KINDS);

/** Opens `cpu`, `cpu:<threads>`, `webgpu` or `wasm`. Throws UserError as `requireDevice` does. */
export async function openDevice(name: string): Promise<Device> {
  await requireDevice(name);
  const { kind, argument } = parse(name);
  tf.enableProdMode();
  return kind.open(name, argument);
}

/** Throws UserError for an unknown name, and for a device that this machine lacks. */
export async function requireDevice(name: string): Promise<void> {
  const missing = await parse(name).kind.missing?.();
  if (missing)
    throw new UserError(`device ${name} is not there: ${missing.reason}; what it needs: ${missing.install}`);
}

function parse(name: string): { kind: DeviceKind; argument: number | null } {
  const [prefix = '', text] = name.split(':');
  const kind = KINDS[prefix];
  const argument = text === undefined ? null : Number(text);
  if (!kind || (argument !== null && !(Number.isInteger(argument) && argument > 0)))
    throw unknownDevice(name);
  return { kind, argument };
}

function unknownDevice(name: string): UserError {
  const nearest = closest(name, deviceKinds);
  const hint = distance(name, nearest) <= 2 ? `; did you mean "${nearest}"?` : '';
  return new UserError(
    `unknown device "${name}": expected ${Object.values(KINDS)
      .map((k) => k.syntax)
      .join(' or ')}${hint}`,
  );
}

/** The devices this program knows and whether this machine has them, for `list devices` and `doctor`. */
export function listDevices(): Promise<
  { name: string; available: boolean; detail: string; install?: string }[]
> {
  return Promise.all(
    Object.values(KINDS).map(async ({ syntax, summary, missing }) => {
      const lacking = await missing?.();
      return lacking
        ? { name: syntax, available: false, detail: lacking.reason, install: lacking.install }
        : { name: syntax, available: true, detail: summary };
    }),
  );
}
