import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Feeds, Tree } from '../engine/compile.ts';
import type { Device } from '../engine/device.ts';
import { uniforms } from '../engine/random.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { initialise } from '../networks/initialise.ts';
import { countParameters, type ParamSpec } from '../networks/parameter-shapes.ts';
import { type NetworkParams, paramsOf } from '../networks/params.ts';
import { writeFileAside } from '../write-file.ts';
import { type Checkpoint, loadCheckpoint, NOTHING_PENDING, saveCheckpoint } from './checkpoint.ts';
import { adamStep, type OptimiserState, type StepScalars, scalarsOf } from './optimiser.ts';
import { pack, packHost, unpack } from './parameters.ts';

/** What is trained: parameters, a loss, and the batch of each step. */
export interface Objective<B extends Tree> {
  readonly specs: readonly ParamSpec[];
  /** Scalar loss. */
  loss(params: NetworkParams, batch: B): Tensor;
  /** The batch of step n: a pure function of n, so that a resumed run sees what an undisturbed one would. */
  batch(step: number): Feeds<B>;
}

export interface TrainerOptions {
  seed: number;
  steps: number;
  warmup: number;
  learningRate: number;
  ema: number;
  checkpointEvery: number;
  logEvery: number;
  /** Where checkpoints lie; an existing one is resumed. */
  checkpoints: string;
  /** Weights of a new run, in the order of the parameter list; null: drawn at random. */
  initial: Float32Array | null;
  /** Loss log, one JSON object a line: { step, loss, seconds }. */
  log: string;
  /** Stop at the next step after this many seconds, leaving a checkpoint. */
  secondsAllowed: number;
  onProgress(done: number, total: number, loss: number): void;
}

/**
 * Trains until `steps` or the time allowed is over. Returns the state and whether training is complete. A run that was
 * stopped and resumed gives the same losses and weights, bit for bit, as one that was not. Throws UserError when the
 * loss is no longer a number; the last checkpoint stays.
 */
export async function train<B extends Tree>(
  device: Device,
  objective: Objective<B>,
  options: TrainerOptions,
): Promise<{ checkpoint: Checkpoint; complete: boolean }> {
  const started = performance.now();
  const { specs } = objective;
  const checkpoint =
    loadCheckpoint(options.checkpoints) ?? startOf(options.initial ?? drawn(specs, options.seed));
  requireSize(checkpoint, specs, options.checkpoints);
  let saved = checkpoint.step > 0 ? checkpoint.step : null;
  dropLaterLines(options.log, checkpoint.step);
  const step = device.compile(
    ({ state, scalars, batch }: { state: OptimiserState; scalars: StepScalars; batch: B }) => {
      const loss = (...parts: Tensor[]): tf.Scalar => {
        const named = new Map(specs.map(({ name }, i) => [name, parts[i]!]));
        return objective.loss(paramsOf(named, 'the trainer'), batch) as tf.Scalar;
      };
      const { value, grads } = tf.valueAndGrads(loss)(unpack(state.weights, specs));
      return { state: adamStep(state, pack(grads), scalars), loss: value };
    },
  );

  const { state: host } = checkpoint;
  const vector = (data: Float32Array): Tensor => tf.tensor1d(data);
  let state: OptimiserState = {
    weights: vector(host.weights),
    m: vector(host.m),
    v: vector(host.v),
    average: vector(host.average),
  };
  let pending = checkpoint.pending;
  const toHost = async (done: number): Promise<Checkpoint> => ({
    step: done,
    pending,
    state: {
      weights: (await state.weights.data()) as Float32Array,
      m: (await state.m.data()) as Float32Array,
      v: (await state.v.data()) as Float32Array,
      average: (await state.average.data()) as Float32Array,
    },
  });
  const secondsSince = (): number => (performance.now() - started) / 1000;

  let done = checkpoint.step;
  while (done < options.steps && secondsSince() < options.secondsAllowed) {
    const args = { state, scalars: scalarsOf(done, options), batch: objective.batch(done) };
    const result = await step(args as never);
    tf.dispose(state);
    state = result.state;
    const loss = (await result.loss.data())[0]!;
    result.loss.dispose();
    done++;
    if (!Number.isFinite(loss)) {
      throw new UserError(
        `the loss became ${loss} at step ${done}; a smaller learningRate or a longer warmup may help`,
      );
    }
    pending = { sum: pending.sum + loss, count: pending.count + 1 };
    if (done % options.logEvery === 0) {
      const mean = pending.sum / pending.count;
      writeLine(options.log, { step: done, loss: mean, seconds: Number(secondsSince().toFixed(1)) });
      options.onProgress(done, options.steps, mean);
      pending = NOTHING_PENDING;
    }
    if (done % options.checkpointEvery === 0) {
      saveCheckpoint(options.checkpoints, await toHost(done), saved);
      saved = done;
    }
  }
  const last = await toHost(done);
  if (saved !== done) saveCheckpoint(options.checkpoints, last, saved);
  return { checkpoint: last, complete: done >= options.steps };
}

function drawn(specs: readonly ParamSpec[], seed: number): Float32Array {
  return packHost(specs, initialise(specs, uniforms({ seed, role: 'train', image: 'weights', draw: 0 })));
}

function startOf(weights: Float32Array): Checkpoint {
  const zeros = (): Float32Array => new Float32Array(weights.length);
  return {
    step: 0,
    pending: NOTHING_PENDING,
    state: { weights, m: zeros(), v: zeros(), average: weights.slice() },
  };
}

/** A checkpoint whose config.json has changed since is of another network. */
function requireSize({ state }: Checkpoint, specs: readonly ParamSpec[], folder: string): void {
  const expected = countParameters(specs);
  if (state.weights.length === expected) return;
  throw new UserError(
    `${folder}: the checkpoint holds ${state.weights.length} parameters, the network has ${expected}; remove the folder to begin anew`,
  );
}

function writeLine(log: string, line: object): void {
  makeFolder(dirname(log));
  appendFileSync(log, `${JSON.stringify(line)}\n`);
}

/** A resumed run repeats the steps after its checkpoint: their lines would stand twice. */
function dropLaterLines(log: string, step: number): void {
  if (!existsSync(log)) return;
  const lines = readFileSync(log, 'utf8').split('\n');
  writeFileAside(
    log,
    lines
      .filter((line) => line && JSON.parse(line).step <= step)
      .map((line) => `${line}\n`)
      .join(''),
  );
}
