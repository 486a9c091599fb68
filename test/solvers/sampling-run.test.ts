import { beforeAll, describe, expect, it } from 'vitest';
import { compileEager } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { CallTally } from '../../harness/solvers/call-tally.ts';
import { type DdimAt, ddim } from '../../harness/solvers/parts/grids.ts';
import { SamplingRun } from '../../harness/solvers/sampling-run.ts';
import { Trace } from '../../harness/solvers/trace.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

function begin(trace?: Trace) {
  const streams = new BatchStreams(0, ['a', 'b']);
  const drawn: string[] = [];
  const tally = new CallTally();
  const run = new SamplingRun({
    images: [
      { id: 'a', seed: 0 },
      { id: 'b', seed: 0 },
    ],
    compile: compileEager,
    normal(role, shape) {
      drawn.push(role);
      return streams.normal(role, shape);
    },
    uniform: (role, shape) => streams.uniform(role, shape),
    progress: () => {},
    tally,
    ...(trace && { trace }),
  });
  const prior = tally.watch(fakePrior());
  return { run, prior, drawn, tally };
}

describe('a step', () => {
  it('keeps what it does not return and frees what it replaces', async () => {
    const { run, prior } = begin();
    const step = run.step((s: { z: Tensor; kept: Tensor }, _: DdimAt) => ({ z: tf.mul(s.z, 2) }));
    const first = { z: tf.ones([2, 4, 4, 4]), kept: tf.scalar(3) };
    for (const at of run.steps(ddim(prior, { steps: 1, eta: 0 }))) {
      const next = await step(first, at);
      expect(next.z.dataSync()[0]).toBe(2);
      expect([first.z.isDisposed, first.kept.isDisposed, next.kept]).toEqual([true, false, first.kept]);
    }
  });

  it('frees a tensor that stands under two names only when both are replaced', async () => {
    const { run, prior } = begin();
    const z = tf.ones([2, 4, 4, 4]);
    const step = run.step((s: { z: Tensor; z0: Tensor }, _: DdimAt) => ({ z: tf.mul(s.z, 2) }));
    for (const at of run.steps(ddim(prior, { steps: 1, eta: 0 }))) {
      await step({ z, z0: z }, at);
      expect(z.isDisposed).toBe(false);
    }
  });

  it('frees the tensors that its call is given, and has a graph for each choice', async () => {
    const { run, prior } = begin();
    type Given = { shift: Tensor; twice: boolean };
    const step = run.step((s: { z: Tensor }, _: DdimAt, { shift, twice }: Given) => ({
      z: tf.add(twice ? tf.mul(s.z, 2) : s.z, shift),
    }));
    const shift = tf.scalar(1);
    for (const at of run.steps(ddim(prior, { steps: 1, eta: 0 }))) {
      let s = await step({ z: tf.ones([2, 1]) }, at, { shift, twice: true });
      s = await step(s, at, { shift: tf.scalar(1), twice: false });
      expect(s.z.dataSync()[0]).toBe(4);
      expect(shift.isDisposed).toBe(true);
    }
  });

  it('counts forward and backward passes of the prior at each call, not at its trace', async () => {
    const { run, prior, tally } = begin();
    const c = prior.text.embed(['', '']);
    const step = run.step((s: { z: Tensor }, at: DdimAt) => {
      const loss = (z: Tensor) => tf.sum(prior.autoencoder.decode(at.clean(z, prior.predict(z, at.t, c))));
      return { z: tf.grad(loss)(s.z) };
    });
    let s = { z: tf.ones([2, 4, 4, 4]) as Tensor };
    for (const at of run.steps(ddim(prior, { steps: 3, eta: 0 }))) s = await step(s, at);
    expect(tally.counts).toEqual({ unetForward: 3, unetBackward: 3, decoder: 3 });
  });

  it('says at which step, and in what, a picture became NaN first', async () => {
    const { run, prior } = begin();
    const step = run.step((s: { z: Tensor }, at: DdimAt) => {
      const bad = tf.tensor1d([0, Number.NaN]).reshape([2, 1, 1, 1]);
      return { z: tf.where(tf.less(at.t, 400), tf.add(s.z, bad), s.z) };
    });
    let s = { z: tf.ones([2, 4, 4, 4]) as Tensor };
    for (const at of run.steps(ddim(prior, { steps: 4, eta: 0 }))) s = await step(s, at);
    expect([...run.lost]).toEqual([[1, { step: 3, of: 4, t: 251, name: 'z' }]]);
  });

  it('belongs to the loop that its `at` came from', async () => {
    const { run, prior } = begin();
    const step = run.step((s: { z: Tensor }, _: DdimAt) => ({ z: tf.mul(s.z, 1) }));
    const [first] = [...run.steps(ddim(prior, { steps: 2, eta: 0 }))];
    await expect(step({ z: tf.ones([2, 1]) }, first!)).rejects.toThrow(
      'a step was called with an `at` that its loop has left behind',
    );
  });

  it.each([
    [undefined, 'a step was called with no `at`; expected step(state, at)'],
    [0.5, 'a step was called with a value of type number as its `at`; expected step(state, at)'],
  ])('called with %s in place of `at` says what it expected', async (at, message) => {
    const { run } = begin();
    const step = run.step((s: { z: Tensor }, _: DdimAt) => ({ z: tf.mul(s.z, 1) }));
    await expect(step({ z: tf.ones([2, 1]) }, at as never)).rejects.toThrow(message);
  });
});

describe('the noise of a grid', () => {
  it.each([
    [0, []],
    [0.5, ['step', 'step', 'step']],
  ])('with eta %d is drawn once for each step that adds some', async (eta, expected) => {
    const { run, prior, drawn } = begin();
    const step = run.step((s: { z: Tensor }, at: DdimAt) => ({ z: at.ddim(s.z, s.z) }));
    let s = { z: tf.ones([2, 4, 4, 4]) as Tensor };
    for (const at of run.steps(ddim(prior, { steps: 3, eta }))) {
      s = await step(s, at);
      s = await step(s, at);
    }
    expect(drawn).toEqual(expected);
  });
});

describe('the prompts of a batch', () => {
  it('are one text for all, or the caption of each', () => {
    const { run } = begin();
    expect(run.each('a face', ['x', 'y'])).toEqual(['a face', 'a face']);
    expect(run.each({ from: 'caption' }, ['x', 'y'])).toEqual(['x', 'y']);
  });

  it.each([
    [undefined, 'no captions'],
    [['x'], '1 captions'],
  ])('are asked for with the captions that a solver is given, not with %j', (captions, found) => {
    const { run } = begin();
    expect(() => run.each({ from: 'caption' }, captions)).toThrow(
      `run.each: a prompt from captions, and ${found} for 2 images`,
    );
  });
});

describe('a trace', () => {
  const walk = async (steps: number, trace?: Trace) => {
    const { run, prior, tally } = begin(trace);
    const drawn: number[] = [];
    for (const at of run.steps(ddim(prior, { steps, eta: 0 }))) {
      await run.trace({ loss: tf.tensor1d([at.n, -at.n]), rate: at.n / 2 }, () => {
        drawn.push(steps - at.n + 1);
        return { x0: prior.autoencoder!.decode(tf.zeros([2, ...prior.shape])) };
      });
    }
    return { drawn, calls: tally.counts };
  };

  it('has the numbers of each image by step, from 1', async () => {
    const trace = new Trace();
    await walk(3, trace);
    expect(trace.steps).toBe(3);
    expect([...trace.scalars.get('loss')!].map(([step, each]) => [step, ...Array.from(each)])).toEqual([
      [1, 3, -3],
      [2, 2, -2],
      [3, 1, -1],
    ]);
    expect(Array.from(trace.scalars.get('rate')!.get(1)!)).toEqual([1.5, 1.5]);
  });

  it('has pictures of ten steps at most, the first and the last among them', async () => {
    const trace = new Trace();
    const { drawn } = await walk(91, trace);
    expect(drawn).toEqual([1, 11, 21, 31, 41, 51, 61, 71, 81, 91]);
    expect([...trace.pictures.get('x0')!.keys()]).toEqual(drawn);
  });

  it('costs nothing where nobody asks: no picture is made, and no tensor is read', async () => {
    expect((await walk(3)).drawn).toEqual([]);
    const { run, prior } = begin();
    for (const _ of run.steps(ddim(prior, { steps: 1, eta: 0 }))) {
      const unread = tf.zeros([2]);
      unread.data = () => Promise.reject(new Error('was read'));
      await run.trace({ unread });
    }
  });

  it('counts no network calls of its own, and leaves no tensor', async () => {
    const { run, prior, tally } = begin(new Trace());
    for (const _ of run.steps(ddim(prior, { steps: 2, eta: 0 }))) {
      const before = tf.memory().numTensors;
      await run.trace({}, () => ({ x0: prior.autoencoder!.decode(tf.zeros([2, ...prior.shape])) }));
      expect(tf.memory().numTensors).toBe(before);
    }
    expect(tally.counts).toEqual({});
  });

  it.each([
    [
      'a picture for a number',
      { loss: tf.zeros([2, 3]) },
      'run.trace: loss has shape [2,3]; expected a number',
    ],
    ['what is no number', { loss: 'low' as unknown as number }, 'run.trace: loss is "low"'],
    ['a name that no file may have', { '../loss': 1 }, 'run.trace: "../loss" is no name'],
  ])('refuses %s, whether anybody asks or not', async (_, scalars, message) => {
    const { run, prior } = begin();
    for (const _ of run.steps(ddim(prior, { steps: 1, eta: 0 })))
      await expect(run.trace(scalars as Record<string, number>)).rejects.toThrow(message);
  });

  it('refuses a latent where a picture is expected, and a call outside of all steps', async () => {
    const { run, prior } = begin(new Trace());
    await expect(run.trace({ loss: 1 })).rejects.toThrow('run.trace: called outside of all steps');
    for (const _ of run.steps(ddim(prior, { steps: 1, eta: 0 })))
      await expect(run.trace({}, () => ({ z: tf.zeros([2, 4, 8, 8]) }))).rejects.toThrow(
        'run.trace: z has shape [2,4,8,8]; expected pictures [2,1,H,W] or [2,3,H,W]',
      );
  });
});
