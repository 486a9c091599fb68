import { gradientMaps } from './gradient-maps.ts';
import type { HostData, HostTensor, Program } from './graph.ts';
import { mappedWeights } from './mapped-weights.ts';
import { emitModel, type OnnxModel } from './model.ts';
import * as ort from './runtime.ts';
import { findUnsupported } from './unsupported.ts';

/** An ONNX Runtime execution provider. */
export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'tensorrt';

export interface SessionOptions {
  threads: number;
  provider: Provider;
  /** Number of the graphics card, from 0. */
  card?: number;
  /** The CPU may run what the provider lacks; without it UnsupportedOperator is thrown. */
  cpuFallback?: boolean;
  /** Compiled graphs kept; the one not used for longest is released first. */
  capacity: number;
}

/** Compiles programs once for each structure. */
export class SessionCache {
  readonly #options: SessionOptions;
  readonly #sessions = new Map<string, Session>();
  /** Ends with the last task; see #inTurn. */
  #turn: Promise<unknown> = Promise.resolve();
  #compiled = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Number of graphs compiled so far. */
  get compiled(): number {
    return this.#compiled;
  }

  get provider(): Provider {
    return this.#options.provider;
  }

  /** Runs with data parallel to program.feeds; results parallel to program.outputs. */
  run(program: Program, feeds: readonly HostTensor[]): Promise<HostTensor[]> {
    return this.#inTurn(async () => {
      const { model, session } = await this.#get(program);
      const inputs: Record<string, ort.Tensor> = {};
      for (const [i, { dtype, data, shape }] of feeds.entries()) {
        inputs[model.inputs[i]!] = new ort.Tensor(dtype as 'float32', data as Float32Array, shape);
      }
      const results = await session.run(inputs, model.outputs);
      return model.outputs.map((name, i) => {
        const { dtype, shape } = program.outputs[i]!;
        return { dtype, shape, data: results[name]!.data as HostData };
      });
    });
  }

  dispose(): Promise<void> {
    return this.#inTurn(async () => {
      while (this.#sessions.size > 0) await this.#releaseOldest();
    });
  }

  /** One task after another: a session must not be released while it runs, and running blocks the thread anyway. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #get(program: Program): Promise<Session> {
    let session = this.#sessions.get(program.hash);
    if (session) this.#sessions.delete(program.hash);
    else {
      this.#compiled++;
      session = await createSession(program, this.#options);
    }
    this.#sessions.set(program.hash, session);
    if (this.#sessions.size > this.#options.capacity) await this.#releaseOldest();
    return session;
  }

  async #releaseOldest(): Promise<void> {
    const [hash, { session }] = this.#sessions.entries().next().value!;
    this.#sessions.delete(hash);
    await session.release();
  }
}

interface Session {
  model: Pick<OnnxModel, 'inputs' | 'outputs'>;
  session: ort.InferenceSession;
}

async function createSession(program: Program, options: SessionOptions): Promise<Session> {
  const model = emitModel(program, options.provider === 'cpu' ? gradientMaps(program) : undefined);
  try {
    const session = await ort.InferenceSession.create(model.bytes, sessionOptions(model, options));
    return { model: { inputs: model.inputs, outputs: model.outputs }, session };
  } catch (error) {
    if (!FALLBACK_REFUSED.test((error as Error).message)) throw error;
    throw await findUnsupported(program, (single) => compiles(single, options));
  }
}

const FALLBACK_REFUSED = /fallback to CPU EP has been explicitly disabled/;

async function compiles(program: Program, options: SessionOptions): Promise<boolean> {
  const model = emitModel(program);
  try {
    await (await ort.InferenceSession.create(model.bytes, sessionOptions(model, options))).release();
    return true;
  } catch {
    return false;
  }
}

function sessionOptions(
  { externalData, mapped }: OnnxModel,
  { threads, provider, card = 0, cpuFallback = false }: SessionOptions,
): ort.InferenceSession.SessionOptions {
  const { extra = {}, ...weights } = mapped === null ? {} : mappedWeights(mapped);
  const strict = provider === 'cpu' || cpuFallback ? {} : { disable_cpu_ep_fallback: '1' };
  return {
    executionProviders: executionProviders(provider, card),
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    externalData,
    // Errors are thrown: printing them as well would only repeat them.
    logSeverityLevel: 4,
    ...weights,
    extra: { ...extra, session: { ...(extra.session as object), ...strict } },
  };
}

/** TensorRT leaves what it cannot compile to CUDA, which is the same card. */
export function executionProviders(
  provider: Provider,
  card: number,
): ort.InferenceSession.ExecutionProviderConfig[] {
  if (provider === 'cuda') return [{ name: 'cuda', deviceId: card }];
  if (provider === 'tensorrt')
    return [
      { name: 'tensorrt', deviceId: card },
      { name: 'cuda', deviceId: card },
    ];
  return [provider];
}
