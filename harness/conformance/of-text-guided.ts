/** What methods do that are told in words what to make of a picture, or make one of words alone. */
import { tf } from '../engine/tf.ts';
import { checkedParameters } from '../solvers/checked-parameters.ts';
import type { Solver } from '../solvers/solver.ts';
import type { Given, Kind } from '../tasks/kinds.ts';
import { type Check, expect, type Subject, short } from './check.ts';
import { fakePriorFor } from './fake-priors.ts';
import { furthest, posedFor } from './posed.ts';
import { runSolver } from './run-solver.ts';
import { unguidedPictures } from './unguided.ts';

/** A run judges what it finds as a worker does, and throws. */
async function requireFinite<K extends Kind>({ solver, compile }: Subject<K>, kind: K): Promise<void> {
  const prior = fakePriorFor(solver);
  const given = posedFor(kind).given(solver, prior, 2);
  const { restored } = await runSolver(solver, given, prior, short(solver), { compile });
  expect(restored.every(Number.isFinite), 'found values that are not finite');
}

/** Of a method that asks for a prior that takes prompts. */
async function heedsWords<K extends Kind>(
  { solver, compile }: Subject<K>,
  kind: K,
  others: (given: Given[K]) => Given[K],
): Promise<void> {
  if (!asksForWords(solver)) return;
  const prior = fakePriorFor(solver);
  const given = posedFor(kind).given(solver, prior, 2);
  const told = await runSolver(solver, given, prior, short(solver), { compile });
  const toldOther = await runSolver(solver, others(given), prior, short(solver), { compile });
  expect(
    furthest(told.restored, toldOther.restored) !== null,
    'found the same pictures when it was told other words',
  );
}

function asksForWords({ requires }: Pick<Solver, 'requires'>): boolean {
  return requires.text === true;
}

const finite = 'gives finite pictures';

export const ofInverters: readonly Check<'invert'>[] = [
  { name: finite, run: (subject) => requireFinite(subject, 'invert') },
  {
    name: 'makes each picture again, more nearly than a sample of the prior is it',
    async run({ solver, compile }) {
      const prior = fakePriorFor(solver);
      const given = posedFor('invert').given(solver, prior, 2);
      // The small prior's autoencoder loses much: what it makes of the picture is as good as the picture.
      const { encode, decode } = prior.autoencoder ?? { encode: tf.clone, decode: tf.clone };
      const near = await Promise.all([given.x, decode(encode(given.x))].map((x) => x.data()));
      const error = (found: Float32Array, x: ArrayLike<number>) =>
        found.reduce((sum, value, i) => sum + (value - x[i]!) ** 2, 0) / found.length;
      const distance = (found: Float32Array) => Math.min(...near.map((x) => error(found, x)));
      // The small prior is no denoiser under guidance.
      const guidance = checkedParameters(solver.params, 'guidance').map((name) => [name, 1]);
      const params = { ...short(solver, 20), ...Object.fromEntries(guidance) };
      const made = await runSolver(solver, given, prior, params, { compile });
      const free = await runSolver(unguidedPictures, given, prior, { steps: 20 }, { compile });
      const [found, limit] = [distance(made.restored), 0.5 * distance(free.restored)];
      expect(found < limit, `mean squared error ${found}, expected below ${limit}`);
    },
  },
];

export const ofEditors: readonly Check<'edit'>[] = [
  { name: finite, run: (subject) => requireFinite(subject, 'edit') },
  {
    name: 'gives another picture for another target',
    run: (subject) =>
      heedsWords(subject, 'edit', (given) => ({
        ...given,
        targets: given.targets.map((text) => `${text}, but another`),
      })),
  },
];

export const ofGenerators: readonly Check<'generate'>[] = [
  { name: finite, run: (subject) => requireFinite(subject, 'generate') },
  {
    name: 'gives another picture for another caption',
    run: (subject) =>
      heedsWords(subject, 'generate', ({ captions }) => ({
        captions: captions.map((text) => `${text}, but another`),
      })),
  },
];

export const ofTranslators: readonly Check<'translate'>[] = [
  { name: finite, run: (subject) => requireFinite(subject, 'translate') },
];
