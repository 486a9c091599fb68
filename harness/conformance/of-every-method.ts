import type { z } from 'zod';
import { tf } from '../engine/tf.ts';
import { checkedParameters } from '../solvers/checked-parameters.ts';
import { perImageParameters } from '../solvers/per-image.ts';
import { kindOf } from '../solvers/solver.ts';
import { type Check, expect, short } from './check.ts';
import { describesParameters } from './describes-parameters.ts';
import { barePriorFor, fakePriorFor } from './fake-priors.ts';
import { posedFor } from './posed.ts';
import { runSolver } from './run-solver.ts';

/** What holds of a method whatever it finds. */
export const ofEveryMethod: readonly Check[] = [
  {
    name: 'has a whole number of a version and a citation',
    run({ solver: { version, paper } }) {
      expect(Number.isInteger(version) && version >= 1, `version: found ${version}, expected 1, 2, ...`);
      expect(typeof paper === 'string' && paper.length > 0, 'paper: expected whom to cite');
    },
  },
  {
    name: 'describes each parameter, has a default for each and refuses others',
    run: ({ solver }) => describesParameters(solver),
  },
  {
    name: 'gives the same result for the same seed, whatever its neighbours in the batch and their seeds',
    async run({ solver, compile }) {
      const { given: pose, alone: aloneOf, difference } = posedFor(kindOf(solver));
      const prior = fakePriorFor(solver);
      const given = pose(solver, prior, 2);
      const params = short(solver);
      const seed = [0, 7];
      const together = await runSolver(solver, given, prior, params, { compile, seed });
      const again = await runSolver(solver, given, prior, params, { compile, seed });
      const size = together.restored.length / 2;
      expect(
        together.restored.every((value, i) => Object.is(value, again.restored[i])),
        'the same seed gave another result',
      );
      for (const [i, id] of ['a', 'b'].entries()) {
        const one = { compile, ids: [id], seed: seed[i]! };
        const alone = await runSolver(solver, aloneOf(given, i), prior, params, one);
        const apart = difference(together.restored.subarray(i * size, (i + 1) * size), alone.restored);
        expect(apart === null, `alone, picture ${id} ${apart}: is something taken over the batch?`);
      }
    },
  },
  {
    name: "takes a picture's own caption as it takes the same text as a prompt",
    async run({ solver, compile }) {
      // Pictures of a domain have no captions of their own.
      if (kindOf(solver) === 'translate') return;
      const { given: pose, alone: aloneOf, difference } = posedFor(kindOf(solver));
      const prior = fakePriorFor(solver);
      const captions = ['a', 'another'];
      for (const parameter of checkedParameters(solver.params, 'prompt')) {
        const given = { ...pose(solver, prior, 2), captions };
        const told = { ...short(solver), [parameter]: { from: 'caption' } };
        const together = await runSolver(solver, given, prior, told, { compile });
        const size = together.restored.length / 2;
        for (const [i, id] of ['a', 'b'].entries()) {
          const params = { ...short(solver), [parameter]: captions[i] };
          const alone = await runSolver(solver, aloneOf(given, i), prior, params, { compile, ids: [id] });
          const apart = difference(together.restored.subarray(i * size, (i + 1) * size), alone.restored);
          expect(apart === null, `${parameter}: told its caption, picture ${id} ${apart}`);
        }
      }
    },
  },
  {
    name: 'takes the numbers that each image has for itself as it takes them alone',
    async run({ solver, compile }) {
      const { given: pose, alone: aloneOf, difference } = posedFor(kindOf(solver));
      const prior = fakePriorFor(solver);
      const usual = solver.params.parse(short(solver));
      for (const name of perImageParameters(solver.params)) {
        const other = another(solver.params.shape[name] as z.ZodType, usual[name] as number);
        if (other === undefined) continue;
        const given = pose(solver, prior, 2);
        const ofEach = [usual, { ...usual, [name]: other }];
        const together = await runSolver(solver, given, prior, ofEach, { compile });
        const size = together.restored.length / 2;
        for (const [i, id] of ['a', 'b'].entries()) {
          const alone = await runSolver(solver, aloneOf(given, i), prior, ofEach[i]!, { compile, ids: [id] });
          const apart = difference(together.restored.subarray(i * size, (i + 1) * size), alone.restored);
          expect(apart === null, `${name}: with its own, picture ${id} ${apart}`);
        }
      }
    },
  },
  {
    name: 'works with a prior that has what it requires and nothing else',
    async run({ solver, compile }) {
      const prior = barePriorFor(solver);
      const given = posedFor(kindOf(solver)).given(solver, prior, 2);
      const { restored } = await runSolver(solver, given, prior, short(solver), { compile });
      expect(restored.every(Number.isFinite), 'found a result that is not finite');
    },
  },
  {
    name: 'reports every step, and the network calls that it states',
    async run({ solver, compile }) {
      const prior = fakePriorFor(solver);
      const params = solver.params.parse(short(solver));
      const given = posedFor(kindOf(solver)).given(solver, prior, 2);
      const seen = await runSolver(solver, given, prior, params, { compile });
      const total = seen.progress.length;
      seen.progress.forEach(([done, of], i) => {
        expect(
          done === i + 1 && of === total,
          `progress: found ${done} of ${of}, expected ${i + 1} of ${total}`,
        );
      });
      const [stated, made] = [solver.passes?.(params), seen.calls.unetForward ?? 0];
      expect(stated === undefined || stated === made, `passes: states ${stated}, made ${made}`);
    },
  },
  {
    name: 'keeps its memory flat: twice the steps leave as many tensors',
    async run({ solver, compile }) {
      if (!('steps' in solver.params.shape)) return;
      const prior = fakePriorFor(solver);
      const given = posedFor(kindOf(solver)).given(solver, prior, 2);
      const left = async (steps: number) => {
        const before = tf.memory().numTensors;
        await runSolver(solver, given, prior, short(solver, steps), { compile });
        return tf.memory().numTensors - before;
      };
      const [few, many] = [await left(10), await left(20)];
      expect(few === many, `10 steps leave ${few} tensors, 20 steps ${many}`);
    },
  },
];

/** Another number that a parameter takes, far from its `value` so that it tells; undefined: none of those tried. */
function another(schema: z.ZodType, value: number): number | undefined {
  const tried = [8 * value, value / 8, value + 1, value - 1];
  return tried.find((number) => number !== value && schema.safeParse(number).success);
}
