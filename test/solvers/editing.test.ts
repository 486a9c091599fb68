/** Editing and translation under a text: what each method becomes when a term is switched off. */
import { beforeAll, describe, expect, it } from 'vitest';
import { posedFor } from '../../harness/conformance/posed.ts';
import { runSolver } from '../../harness/conformance/run-solver.ts';
import { compileEager } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import ddib from '../../harness/solvers/ddib.ts';
import dreamsamplerEdit from '../../harness/solvers/dreamsampler-edit.ts';
import ebcaEdit from '../../harness/solvers/ebca-edit.ts';
import ilvrEdit from '../../harness/solvers/ilvr-edit.ts';
import lsb from '../../harness/solvers/lsb.ts';
import { translating } from '../../harness/solvers/parts/translating.ts';
import sdeditEdit from '../../harness/solvers/sdedit-edit.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import { Trace } from '../../harness/solvers/trace.ts';
import type { Given } from '../../harness/tasks/kinds.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const STEPS = 10;
const prior = () => fakePrior();
type Change<K extends 'edit' | 'translate'> = Partial<Given[K]>;

async function edited(solver: Solver<'edit'>, params: object, change: Change<'edit'> = {}) {
  const given = { ...posedFor('edit').given(solver, prior(), 2), ...change };
  const options = { compile: compileEager };
  return (await runSolver(solver, given, prior(), { steps: STEPS, ...params }, options)).restored;
}

async function translated(solver: Solver<'translate'>, params: object, change: Change<'translate'> = {}) {
  const given = { ...posedFor('translate').given(solver, prior(), 2), ...change };
  const options = { compile: compileEager };
  return (await runSolver(solver, given, prior(), { steps: STEPS, ...params }, options)).restored;
}

const others = { targets: ['something else', 'and something else again'] };
const another = { to: 'something else' };

/** The pictures of these problems through the autoencoder. */
function roundTrip(): Float32Array {
  const { encode, decode } = prior().autoencoder;
  return decode(encode(posedFor('edit').given(sdeditEdit, prior(), 2).x)).dataSync() as Float32Array;
}

describe('SDEdit', () => {
  const mask = (value: number): Tensor => tf.fill([2, 1, 16, 16], value);

  it('of which nothing may change gives the picture back, but for the noise of the cleanest level', async () => {
    const kept = await edited(sdeditEdit, {}, { mask: mask(0) });
    expect(apart(kept, roundTrip())).toBeLessThan(0.1);
  });

  it('of which all may change, or that is not to keep the rest, is the one without a mask', async () => {
    const free = await edited(sdeditEdit, {});
    expect(apart(await edited(sdeditEdit, {}, { mask: mask(1) }), free)).toBeLessThan(1e-6);
    expect(await edited(sdeditEdit, { keepKnown: false }, { mask: mask(0) })).toEqual(free);
    expect(apart(free, roundTrip())).toBeGreaterThan(0.3);
  });

  it('from the cleanest level hardly leaves the picture', async () => {
    const near = await edited(sdeditEdit, { steps: 1000, t0: 0.001, cfgScale: 1 });
    expect(apart(near, roundTrip())).toBeLessThan(0.1);
  });

  it('as a translation is told the phrases of the domains', async () => {
    const given = { captions: ['a face', 'a face'], targets: ['a sad face', 'a sad face'] };
    expect(await translated(translating(sdeditEdit), {})).toEqual(await edited(sdeditEdit, {}, given));
  });
});

describe('ILVR', () => {
  it('that keeps all frequencies gives the picture back, whatever the text', async () => {
    const whole = await edited(ilvrEdit, { factor: 1 });
    expect(apart(whole, roundTrip())).toBeLessThan(0.1);
    expect(apart(await edited(ilvrEdit, { factor: 1 }, others), whole)).toBeLessThan(1e-5);
  });

  it('keeps fewer of them by a larger factor', async () => {
    const far = apart(await edited(ilvrEdit, { factor: 4 }), roundTrip());
    expect(far).toBeGreaterThan(apart(await edited(ilvrEdit, { factor: 2 }), roundTrip()));
  });
});

it('DreamSampler without guidance heeds no text', async () => {
  const free = await edited(dreamsamplerEdit, { guidance: 0 });
  expect(await edited(dreamsamplerEdit, { guidance: 0 }, others)).toEqual(free);
  expect(apart(await edited(dreamsamplerEdit, {}, others), free)).toBeGreaterThan(1e-3);
});

describe('EBCA', () => {
  const nothing = { alpha: 0, gammaAttn: 0, gammaNorm: 0 };

  it('without compositions heeds no target', async () => {
    const params = { add: nothing, remove: nothing };
    expect(await edited(ebcaEdit, params, others)).toEqual(await edited(ebcaEdit, params));
  });

  it('updates of no composed context leave what it adds as it is', async () => {
    const still = { add: { gammaAttn: 0, gammaNorm: 0 }, remove: { gammaAttn: 0, gammaNorm: 0 } };
    const moved = { add: { gammaAttn: 0.1, gammaNorm: 0.1 }, remove: { gammaAttn: 0.1, gammaNorm: 0.1 } };
    expect(apart(await edited(ebcaEdit, still), await edited(ebcaEdit, moved))).toBeGreaterThan(1e-3);
  });

  it('begins at its share of the steps', async () => {
    const late = { add: { alphaFrom: 1 }, remove: { alphaFrom: 1 } };
    expect(await edited(ebcaEdit, late, others)).toEqual(await edited(ebcaEdit, late));
  });
});

describe('DDIB', () => {
  it('up under the null prompt heeds no source', async () => {
    const found = await translated(ddib, { up: 'null' });
    expect(await translated(ddib, { up: 'null' }, { from: 'something else' })).toEqual(found);
    expect(apart(await translated(ddib, {}), found)).toBeGreaterThan(1e-3);
  });

  it('down without guidance towards the target heeds none', async () => {
    expect(await translated(ddib, { cfgScale: 0 }, another)).toEqual(await translated(ddib, { cfgScale: 0 }));
  });
});

describe('LSB', () => {
  it('between one domain and itself has no way to go, however long', async () => {
    const same = { to: posedFor('translate').given(lsb, prior(), 2).from };
    expect(
      apart(await translated(lsb, { scale: 1 }, same), await translated(lsb, { scale: 11 }, same)),
    ).toBeLessThan(1e-4);
  });

  it('asks the prior twice at each time and once at the end', async () => {
    const given = posedFor('translate').given(lsb, prior(), 2);
    const { calls } = await runSolver(lsb, given, prior(), { steps: 8 }, { compile: compileEager });
    expect(calls.unetForward).toBe(15);
  });
});

describe('LSB that learns its prompts', () => {
  const posed = () => posedFor('translate').given(lsb, prior(), 2);
  const few = { promptSteps: 10, promptLr: 0.05 };

  it('asks for example pictures where it has steps on them, and never else', async () => {
    const refuses = { examples: () => Promise.reject(new Error('asked')) };
    await expect(translated(lsb, few, refuses)).rejects.toThrow('asked');
    expect(await translated(lsb, {}, refuses)).toEqual(await translated(lsb, {}));
  });

  it('says that it has been shown none', async () => {
    const { examples: _, ...alone } = posed();
    await expect(
      runSolver(lsb, alone, prior(), { steps: STEPS, ...few }, { compile: compileEager }),
    ).rejects.toThrow('the task shows no example pictures to learn prompts from');
  });

  it('explains the noise of its examples better than by the phrases, at the same times and noise', async () => {
    const lossesAt = async (promptLr: number) => {
      const trace = new Trace();
      const params = { steps: STEPS, promptSteps: 60, promptLr };
      await runSolver(lsb, posed(), prior(), params, { compile: compileEager, trace });
      return ['sourceLoss', 'targetLoss'].map((name) => {
        const late = [...trace.scalars.get(name)!.values()]
          .slice(-20)
          .flatMap((each) => [...Array.from(each)]);
        return late.reduce((sum, loss) => sum + loss) / late.length;
      });
    };
    const [phrases, learned] = [await lossesAt(1e-9), await lossesAt(0.05)];
    for (const [i, loss] of learned.entries()) expect(loss).toBeLessThan(0.98 * phrases[i]!);
  });

  it('with hardly a rate is the one with the phrases', async () => {
    const hardly = await translated(lsb, { ...few, promptLr: 1e-9, scale: 1 });
    expect(apart(hardly, await translated(lsb, { scale: 1 }))).toBeLessThan(1e-4);
  });

  it('heeds the pictures of both domains, each for its own', async () => {
    const { from, to } = await posed().examples!();
    const found = await translated(lsb, few);
    for (const examples of [
      { from: to, to },
      { from, to: from },
    ]) {
      const other = await translated(lsb, few, { examples: async () => examples });
      expect(apart(other, found)).toBeGreaterThan(1e-3);
    }
  });

  it('of the same pictures from the same text has no way to go', async () => {
    const { from } = await posed().examples!();
    const same = { examples: async () => ({ from, to: from }) };
    const start = { ...few, promptInit: 'a picture' };
    expect(
      apart(
        await translated(lsb, { ...start, scale: 1 }, same),
        await translated(lsb, { ...start, scale: 11 }, same),
      ),
    ).toBeLessThan(1e-4);
  });

  it('of the two phrases knows nothing where it starts from a text of its own', async () => {
    const start = { ...few, promptInit: 'a picture' };
    expect(await translated(lsb, start, another)).toEqual(await translated(lsb, start));
  });
});
