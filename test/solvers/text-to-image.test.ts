import { beforeAll, describe, expect, it } from 'vitest';
import { runSolver } from '../../harness/conformance/run-solver.ts';
import { compileEager } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import cfg from '../../harness/solvers/cfg.ts';
import cfgpp from '../../harness/solvers/cfgpp-generate.ts';
import { rescaled } from '../../harness/solvers/parts/guidance.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, gaussian } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const CAPTIONS = ['a face', 'a face with a hat'];
const NULL = 'nothing';
const SAMPLERS = ['ddim', 'euler', 'euler-ancestral', 'dpmpp-2s-ancestral', 'dpmpp-2m'];

const made = async (solver: Solver, params: object, captions = CAPTIONS, prior: Prior = fakePrior()) =>
  (await runSolver(solver, { captions }, prior, { steps: 6, ...params }, { compile: compileEager })).restored;

describe.each(SAMPLERS)('%s', (sampler) => {
  const unconditional = () => made(cfg, { sampler, scale: 1 }, [NULL, NULL]);

  it('CFG at scale 1 never asks the null prompt, at 0 only it counts', async () => {
    const conditional = await made(cfg, { sampler, scale: 1, nullPrompt: NULL });
    expect(apart(await made(cfg, { sampler, scale: 1, nullPrompt: 'other' }), conditional)).toBe(0);
    expect(apart(await made(cfg, { sampler, scale: 0, nullPrompt: NULL }), await unconditional())).toBe(0);
    expect(apart(conditional, await unconditional())).toBeGreaterThan(1e-3);
  });

  it('CFG++ at lambda 0 is unconditional', async () => {
    const free = await made(cfgpp, { sampler, lambda: 0, nullPrompt: NULL });
    expect(apart(free, await unconditional())).toBe(0);
  });

  it('CFG++ goes on with other noise than CFG', async () => {
    const params = { sampler, nullPrompt: NULL };
    const [plus, plain] = [
      await made(cfgpp, { ...params, lambda: 0.6 }),
      await made(cfg, { ...params, scale: 0.6 }),
    ];
    expect(apart(plus, plain)).toBeGreaterThan(1e-3);
  });
});

it('a step of DDIM: the guided estimate, and noise of it or without the text', async () => {
  const prior = fakePrior();
  const x = new BatchStreams(0, ['a', 'b']).normal('initial', prior.shape);
  const [first, last] = prior.schedule.legs(2) as [{ t: number; next: number }, { t: number }];
  const noise = (x: Tensor, t: number, texts: readonly string[]) =>
    prior.predict(x, tf.scalar(t), prior.text.embed(texts)).value;
  const estimate = (x: Tensor, t: number, e: Tensor) => {
    const { signal, noise } = prior.schedule.level(t);
    return tf.div(tf.sub(x, tf.mul(noise, e)), signal);
  };
  const towards = (x: Tensor, t: number, w: number) =>
    tf.add(tf.mul(1 - w, noise(x, t, [NULL, NULL])), tf.mul(w, noise(x, t, CAPTIONS)));
  const to = prior.schedule.level(first.next);
  const found = (w: number, onwards: Tensor) => {
    const x0 = estimate(x, first.t, towards(x, first.t, w));
    const next = tf.add(tf.mul(to.signal, x0), tf.mul(to.noise, onwards));
    return prior.autoencoder.decode(estimate(next, last.t, towards(next, last.t, w))).data();
  };
  const params = { steps: 2, nullPrompt: NULL };
  const guided = await found(3, towards(x, first.t, 3));
  expect(apart(await made(cfg, { ...params, scale: 3 }, CAPTIONS, prior), guided)).toBeLessThan(1e-5);
  const plus = await found(0.7, noise(x, first.t, [NULL, NULL]));
  expect(apart(await made(cfgpp, { ...params, lambda: 0.7 }, CAPTIONS, prior), plus)).toBeLessThan(1e-5);
});

it('rescaling gives the guided prediction a share of the spread of the conditional one', async () => {
  const conditional = { value: gaussian(0, [2, 3, 4, 4]) };
  const guided = { value: tf.add(tf.mul(gaussian(1, [2, 3, 4, 4]), 5), 1) };
  const spreads = ({ value }: { value: Tensor }) =>
    Array.from(tf.sqrt(tf.moments(value, [1, 2, 3]).variance).dataSync());
  const [wide, narrow] = [spreads(guided), spreads(conditional)];
  const all = spreads(rescaled(guided, conditional, 1));
  const share = spreads(rescaled(guided, conditional, 0.7));
  for (const i of [0, 1]) {
    expect(all[i]).toBeCloseTo(narrow[i]!, 5);
    expect(share[i]).toBeCloseTo(0.7 * narrow[i]! + 0.3 * wide[i]!, 5);
  }
});
