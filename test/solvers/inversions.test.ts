/** What inversions become when a term of theirs is switched off, and what they give back exactly. */
import { beforeAll, describe, expect, it } from 'vitest';
import { posedFor } from '../../harness/conformance/posed.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { PriorWith } from '../../harness/priors/prior.ts';
import aidi from '../../harness/solvers/inversions/aidi.ts';
import cfgppInversion from '../../harness/solvers/inversions/cfgpp-inversion.ts';
import ddimInversion from '../../harness/solvers/inversions/ddim-inversion.ts';
import edict from '../../harness/solvers/inversions/edict.ts';
import fixedPoint from '../../harness/solvers/inversions/fixed-point.ts';
import { editor, type Inversion, inverter } from '../../harness/solvers/inversions/inversion.ts';
import lbo from '../../harness/solvers/inversions/lbo.ts';
import { regularised, rollsShape } from '../../harness/solvers/inversions/noise-regularisation.ts';
import nullText from '../../harness/solvers/inversions/null-text.ts';
import renoise from '../../harness/solvers/inversions/renoise.ts';
import rnri from '../../harness/solvers/inversions/rnri.ts';
import roundTrip from '../../harness/solvers/round-trip.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, gaussian, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

type Options = Record<string, unknown>;

/** Ten steps with the small prior of random weights. */
async function remade(
  inversion: Inversion,
  options: Options,
  prior: PriorWith<'autoencoder' | 'text'> = fakePrior(),
): Promise<Float32Array> {
  const solver = inverter(inversion);
  const given = posedFor('invert').given(solver, prior, 2);
  return (await run(solver as never, given as never, prior, { steps: 10, ...options })).restored;
}

async function edited(
  inversion: Inversion,
  options: Options,
  targets?: readonly string[],
): Promise<Float32Array> {
  const [solver, prior] = [editor(inversion), fakePrior()];
  const given = posedFor('edit').given(solver, prior, 2);
  const asked = { ...given, targets: targets ?? given.targets };
  return (await run(solver as never, asked as never, prior, { steps: 10, ...options })).restored;
}

/** What the autoencoder alone gives back. */
async function throughAutoencoder(
  prior: PriorWith<'autoencoder' | 'text'> = fakePrior(),
): Promise<Float32Array> {
  const given = posedFor('invert').given(roundTrip, prior, 2);
  return (await run(roundTrip as never, given as never, prior, {})).restored;
}

const plain = { cfgScale: 1 };

describe('is DDIM inversion', () => {
  it.each([
    [
      'null-text without iterations, at its guidance',
      nullText,
      { iterations: 0, cfgScale: 3 },
      { cfgScale: 3 },
    ],
    ['fixed-point inversion of one iteration', fixedPoint, { iterations: 1 }, plain],
    ['AIDI by Anderson of one iteration', aidi, { iterations: 1, acceleration: 'anderson' }, plain],
    ["RNRI of one iteration, in the paper's form", rnri, { iterations: 1 }, plain],
    ["RNRI of one iteration, in the code's form", rnri, { iterations: 1, variant: 'public-code' }, plain],
    [
      'ReNoise without iterations, average and regularisation',
      renoise,
      { iterations: 0, average: false, regularise: false },
      plain,
    ],
    ['LBO of one iteration, whose best bias is none', lbo, { iterations: 1 }, plain],
  ] as [string, Inversion, Options, Options][])('%s', async (_, inversion, options, ddim) => {
    const expected = await remade(ddimInversion, ddim);
    expect(apart(await remade(inversion, options), expected)).toBeLessThan(1e-5);
    const longer = { ...options, ...(inversion === nullText ? { cfgScale: 1.5 } : { strength: 0.5 }) };
    expect(apart(await remade(inversion, longer), expected)).toBeGreaterThan(1e-4);
  });
});

describe('gives back what the autoencoder does, to rounding', () => {
  it.each([
    ['EDICT', edict, {}],
    ['EDICT without turns', edict, { leapfrog: false, cfgScale: 1 }],
    ['fixed-point inversion, converged', fixedPoint, { iterations: 40 }],
    ['AIDI, converged', aidi, { iterations: 20 }],
    ['AIDI by Anderson, converged', aidi, { iterations: 20, acceleration: 'anderson' }],
    [
      'ReNoise, converged',
      renoise,
      { iterations: 40, average: false, regularise: false, sampler: 'ddim', strength: 0.5 },
    ],
  ] as [string, Inversion, Options][])('%s', async (_, inversion, options) => {
    const expected = await throughAutoencoder();
    expect(apart(await remade(inversion, options), expected)).toBeLessThan(1e-4);
    expect(apart(await remade(ddimInversion, {}), expected)).toBeGreaterThan(1e-3);
  });

  it("RNRI in the paper's form, where one Newton step is exact: a network linear in each entry, all of them equal", async () => {
    const [small, one] = [fakePrior(), [1, 2, 3]];
    const prior: PriorWith<'autoencoder' | 'text'> = {
      ...small,
      predict: (z) => ({ value: tf.mul(z, 0.4) }),
      autoencoder: {
        ...small.autoencoder,
        encode: (x) => tf.mul(tf.ones([x.shape[0]!, ...small.shape]), tf.mean(x, one, true)),
        decode: (z) => tf.mul(tf.ones([z.shape[0]!, ...small.imageShape]), tf.mean(z, one, true)),
      },
    };
    const expected = await throughAutoencoder(prior);
    const given = (options: Options) => remade(rnri, { iterations: 2, alpha: 0, ...options }, prior);
    expect(apart(await given({}), expected)).toBeLessThan(1e-5);
    expect(apart(await given({ variant: 'public-code' }), expected)).toBeGreaterThan(1e-3);
  });
});

it('CFG++ without guidance heeds no prompt', async () => {
  const off = { lambda: 0, inversionLambda: 0 };
  const expected = await remade(cfgppInversion, { ...off, prompt: '' });
  expect(await remade(cfgppInversion, off)).toEqual(expected);
  expect(apart(await remade(cfgppInversion, { ...off, lambda: 0.1 }), expected)).toBeGreaterThan(1e-4);
});

describe('closer than DDIM inversion', () => {
  const error = async (inversion: Inversion, options: Options) =>
    apart(await remade(inversion, options), await throughAutoencoder());

  it('null-text at the same guidance', async () => {
    const guidance = { cfgScale: 2 };
    const tuned = await error(nullText, { ...guidance, iterations: 20, tolerance: 0 });
    expect(tuned).toBeLessThan(0.9 * (await error(ddimInversion, guidance)));
  });

  it('LBO', async () => {
    const biased = await error(lbo, { iterations: 20, rate: 0.01 });
    expect(biased).toBeLessThan(0.5 * (await error(ddimInversion, {})));
  });

  it('the ILB of latents, nearer to the picture than the autoencoder is', async () => {
    const prior = fakePrior();
    const picture = await posedFor('invert').given(inverter(lbo), prior, 2).x.data();
    const options = {
      iterations: 20,
      rate: 0.01,
      boosts: 2,
      boostIterations: 100,
      boostRate: 0.03,
      mu: 0.01,
    };
    const boosted = apart(await remade(lbo, options), picture as Float32Array);
    expect(boosted).toBeLessThan(apart(await throughAutoencoder(), picture as Float32Array));
  });
});

describe('an edit', () => {
  it.each([ddimInversion, nullText, edict, rnri, renoise, lbo, cfgppInversion])(
    'by $name to what the picture shows already is its inversion',
    async (inversion) => {
      const options = inversion === cfgppInversion ? {} : { cfgScale: 1.5 };
      const source = ['a face', 'a face with a hat'];
      const expected = await remade(inversion, {
        ...options,
        ...(inversion === nullText && { iterations: 2 }),
      });
      const same = await edited(
        inversion,
        { ...options, ...(inversion === nullText && { iterations: 2 }) },
        source,
      );
      expect(apart(same, expected)).toBeLessThan(1e-5);
      const other = await edited(inversion, { ...options, ...(inversion === nullText && { iterations: 2 }) });
      expect(apart(other, expected)).toBeGreaterThan(1e-3);
    },
  );
});

describe("ReNoise's regularisation", () => {
  it('leaves a noise less correlated with itself, and nearer in its statistics', async () => {
    const shape = [4, 16, 16] as const;
    const rough = gaussian(0, [1, ...shape]);
    const smooth = tf.mul(
      tf.add(
        rough,
        tf.concat([tf.slice(rough, [0, 0, 1, 0]), tf.slice(rough, [0, 0, 0, 0], [1, 4, 1, 16])], 2),
      ),
      0.9,
    );
    const reference = gaussian(1, [1, ...shape]);
    const rolls = tf.fill([1, ...rollsShape(shape)], 0.2); // by 1 of 16 rows, and by 0 of 8
    const along = (x: Tensor) => {
      const moved = tf.concat([tf.slice(x, [0, 0, 1, 0]), tf.slice(x, [0, 0, 0, 0], [1, 4, 1, 16])], 2);
      return tf.mean(tf.square(tf.mean(tf.mul(x, moved), [2, 3]))).dataSync()[0]!;
    };
    const after = regularised(smooth, reference, rolls);
    expect(along(after)).toBeLessThan(0.5 * along(smooth));
  });
});

it('ReNoise of a sampler that adds noise gives back what the autoencoder does, its noise being known', async () => {
  const options = {
    sampler: 'euler-ancestral',
    iterations: 40,
    average: false,
    regularise: false,
    strength: 0.2,
  };
  const made = await remade(renoise, { ...options, correctNoise: false });
  expect(apart(made, await throughAutoencoder())).toBeLessThan(1e-3);
});
