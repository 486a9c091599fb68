import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { normals } from '../../harness/engine/random.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { UserError } from '../../harness/errors.ts';
import { loadCheckpoint } from '../../harness/training/checkpoint.ts';
import { type Objective, type TrainerOptions, train } from '../../harness/training/trainer.ts';

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu:1');
});

type Batch = { x: Tensor; y: Tensor };

/** A linear layer that learns y = x0 - 2 x1 from batches that depend on the step alone. */
const line: Objective<Batch> = {
  specs: [
    { name: 'weight', shape: [1, 2], kind: 'weight', fanIn: 2 },
    { name: 'bias', shape: [1], kind: 'bias', fanIn: 2 },
  ],
  loss(params, { x, y }) {
    const product = tf.matMul(x as tf.Tensor2D, params.get('weight') as tf.Tensor2D, false, true);
    return tf.mean(tf.squaredDifference(tf.add(product, params.get('bias')), y));
  },
  batch(step) {
    const x = normals({ seed: 3, role: 'train', image: 'points', draw: step }, 8);
    const y = [0, 1, 2, 3].map((i) => x[2 * i]! - 2 * x[2 * i + 1]!);
    return { x: tf.tensor(x, [4, 2]), y: tf.tensor(y, [4, 1]) };
  },
};

function options(over: Partial<TrainerOptions> = {}): TrainerOptions {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-trainer-'));
  return {
    seed: 0,
    steps: 30,
    warmup: 3,
    learningRate: 0.05,
    ema: 0.9,
    checkpointEvery: 7,
    logEvery: 4,
    checkpoints: join(folder, 'checkpoints'),
    initial: null,
    log: join(folder, 'log.jsonl'),
    secondsAllowed: Number.POSITIVE_INFINITY,
    onProgress: () => {},
    ...over,
  };
}

function logOf({ log }: TrainerOptions): { step: number; loss: number; seconds: number }[] {
  return readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
}

/** Like `line`, but the batch of one step cannot be made: a run that dies there, as a killed one does. */
function diesAt(step: number): Objective<Batch> {
  return {
    ...line,
    batch(n) {
      if (n === step) throw new Error('killed');
      return line.batch(n);
    },
  };
}

describe('train', () => {
  it('lowers the loss and returns the state of its last step', async () => {
    const run = options({ steps: 200, learningRate: 0.1 });
    const { checkpoint, complete } = await train(device, line, run);
    const losses = logOf(run).map(({ loss }) => loss);
    expect(complete).toBe(true);
    expect(checkpoint.step).toBe(200);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 100);
    const [w0, w1] = checkpoint.state.weights;
    expect(w0).toBeCloseTo(1, 1);
    expect(w1).toBeCloseTo(-2, 1);
  });

  it('gives the same losses and weights, bit for bit, when it is killed between checkpoints and resumed', async () => {
    const undisturbed = options();
    const expected = await train(device, line, undisturbed);

    const run = options();
    // Steps 7 and 14 are checkpoints, between lines of the log; 18 is after a line that the resumed run writes again.
    await expect(train(device, diesAt(5), run)).rejects.toThrow('killed');
    await expect(train(device, diesAt(18), run)).rejects.toThrow('killed');
    expect(loadCheckpoint(run.checkpoints)!.step).toBe(14);
    const resumed = await train(device, line, run);

    expect(resumed.checkpoint.state).toEqual(expected.checkpoint.state);
    const losses = (of: TrainerOptions) => logOf(of).map(({ step, loss }) => ({ step, loss }));
    expect(losses(run)).toEqual(losses(undisturbed));
    expect(losses(run).map(({ step }) => step)).toEqual([4, 8, 12, 16, 20, 24, 28]);
  });

  it('stops when its time is over, leaving a checkpoint, and says that it is not complete', async () => {
    const run = options({ secondsAllowed: 0 });
    const { checkpoint, complete } = await train(device, line, run);
    expect({ step: checkpoint.step, complete }).toEqual({ step: 0, complete: false });
    expect(loadCheckpoint(run.checkpoints)).toEqual(checkpoint);
  });

  it('starts from given weights, whose loss is the first', async () => {
    const run = options({ initial: Float32Array.of(1, -2, 0.5), steps: 1, logEvery: 1 });
    const { checkpoint } = await train(device, line, run);
    expect(logOf(run)[0]!.loss).toBeCloseTo(0.25, 6);
    expect(checkpoint.state.weights[1]).toBeCloseTo(-2, 1);
  });

  it('refuses a checkpoint of another network', async () => {
    const run = options({ steps: 1 });
    await train(device, line, run);
    const wider: Objective<Batch> = {
      ...line,
      specs: [...line.specs, { ...line.specs[1]!, name: 'more', shape: [4] }],
    };
    await expect(train(device, wider, run)).rejects.toThrow(
      `${run.checkpoints}: the checkpoint holds 3 parameters, the network has 7; remove the folder to begin anew`,
    );
  });

  it('does nothing more once it is complete', async () => {
    const run = options({ steps: 8 });
    const first = await train(device, line, run);
    const again = await train(device, diesAt(8), run);
    expect(again).toEqual(first);
  });

  it('refuses a loss that is not a number at once, and keeps the last sound checkpoint', async () => {
    const broken: Objective<Batch> = {
      ...line,
      batch(n) {
        const { x, y } = line.batch(n);
        return { x, y: n === 8 ? Number.NaN : y };
      },
    };
    const run = options({ logEvery: 1000 });
    const failure = await train(device, broken, run).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as Error).message).toMatch(/^the loss became NaN at step 9; /);
    const { step, state } = loadCheckpoint(run.checkpoints)!;
    expect(step).toBe(7);
    expect(state.weights.every(Number.isFinite)).toBe(true);
  });
});
