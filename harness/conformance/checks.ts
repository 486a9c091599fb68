/** What every solver must do, whatever its method: run on a small prior that has what the solver requires. */

import { z } from 'zod';
import type { Compile } from '../engine/compile.ts';
import { tf } from '../engine/tf.ts';
import { blockAverage } from '../operators/block-average.ts';
import { colourisation } from '../operators/colourisation.ts';
import { gaussianBlur } from '../operators/gaussian-blur.ts';
import { inpainting } from '../operators/inpainting.ts';
import type { Operator } from '../operators/operator.ts';
import { superResolution } from '../operators/super-resolution.ts';
import type { Prior } from '../priors/prior.ts';
import { checkedParameters } from '../solvers/checked-parameters.ts';
import { ancestral, ddim } from '../solvers/parts/grids.ts';
import { defineSolver, kindOf, type Solver } from '../solvers/solver.ts';
import type { Kind } from '../tasks/kinds.ts';
import { fakePriorFor, IMAGE } from './fake-priors.ts';
import { gaussian, labelledPictures, misfit, problemFor, runSolver } from './run-solver.ts';

/** A check throws an Error that says what it found and what it expected. */
export interface Check<K extends Kind = Kind> {
  readonly name: string;
  run(subject: Subject<K>): Promise<void> | void;
}

export interface Subject<K extends Kind = Kind> {
  readonly solver: Solver<K>;
  readonly compile: Compile;
}

/** Small ones of each kind. */
export const OPERATORS: Readonly<Record<string, () => Operator>> = {
  'super-resolution': () => superResolution(4, IMAGE),
  'block averaging': () => blockAverage(4, IMAGE),
  'gaussian blur': () => gaussianBlur({ kernelSize: 7, sigma: 1 }, IMAGE),
  inpainting: () => inpainting(tf.tidy(() => tf.step(gaussian(99, [1, 1, 16, 16])))),
  colourisation: () => colourisation([0.3333, 0.3334, 0.3333]),
};

const INNER_ITERATIONS = 10;

function operatorsFor({ requires }: Solver): [string, () => Operator][] {
  const parts = (['pseudoInverse', 'projection'] as const).filter((part) => requires[part]);
  return Object.entries(OPERATORS).filter(([, make]) => parts.every((part) => make()[part]));
}

/** Few steps and iterations where the solver counts them so. */
function short({ params }: Solver, steps = 12): Record<string, unknown> {
  const inner = checkedParameters(params, 'inner iterations').map((name) => [name, INNER_ITERATIONS]);
  return { ...Object.fromEntries(inner), ...('steps' in params.shape && { steps }) };
}

function expect(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Those that a solver of its kind has to pass. */
export function checksFor(solver: Solver): readonly Check[] {
  return [...ofAll, ...ofKind[kindOf(solver)]];
}

const ofAll: readonly Check[] = [
  {
    name: 'has a whole number of a version and a citation',
    run({ solver: { version, paper } }) {
      expect(Number.isInteger(version) && version >= 1, `version: found ${version}, expected 1, 2, ...`);
      expect(typeof paper === 'string' && paper.length > 0, 'paper: expected whom to cite');
    },
  },
  {
    name: 'describes each parameter, has a default for each and refuses others',
    run({ solver: { params } }) {
      for (const [key, schema] of Object.entries(params.shape)) {
        const { description } = schema as { description?: string };
        expect(Boolean(description), `params.${key}: expected a description (.describe('...'))`);
      }
      const { error } = params.safeParse({});
      expect(
        !error,
        `params: without any, expected the defaults; ${error?.issues[0]?.path.join('.')} has none`,
      );
      const unknown = params.safeParse({ 'no such parameter': 1 });
      expect(!unknown.success, 'params: accepts unknown names; expected z.strictObject');
    },
  },
];

const ofRestorers: readonly Check<'restore'>[] = [
  {
    name: 'gives finite pictures on every operator that fits',
    async run({ solver, compile }) {
      for (const [name, make] of operatorsFor(solver)) {
        const prior = fakePriorFor(solver);
        const { restored, shape } = await runSolver(
          solver,
          problemFor(prior, make(), 2),
          prior,
          short(solver),
          {
            compile,
          },
        );
        expect(shape.join() === `2,${IMAGE}`, `${name}: found [${shape}], expected [2,${IMAGE}]`);
        expect(restored.every(Number.isFinite), `${name}: found values that are not finite`);
      }
    },
  },
  {
    name: 'fits the measurement better than a sample of the prior',
    async run({ solver, compile }) {
      for (const [name, make] of operatorsFor(solver)) {
        const prior = fakePriorFor(solver);
        const problem = problemFor(prior, make(), 2);
        const guided = await runSolver(solver, problem, prior, short(solver, 20), { compile });
        const free = await runSolver(unguided, problem, prior, { steps: 20 }, { compile });
        const [found, limit] = [await misfit(problem, guided), 0.97 * (await misfit(problem, free))];
        expect(found < limit, `${name}: mean squared residual ${found}, expected below ${limit}`);
      }
    },
  },
  {
    name: 'gives the same picture for the same seed, whatever its neighbours in the batch',
    async run({ solver, compile }) {
      const [[, make]] = operatorsFor(solver) as [[string, () => Operator]];
      const prior = fakePriorFor(solver);
      const problem = problemFor(prior, make(), 2);
      const params = short(solver);
      const together = await runSolver(solver, problem, prior, params, { compile });
      const again = await runSolver(solver, problem, prior, params, { compile });
      const size = together.restored.length / 2;
      expect(differ(together.restored, again.restored) === 0, 'the same seed gave another picture');
      for (const [i, id] of ['a', 'b'].entries()) {
        const y = tf.slice(problem.y, [i, 0, 0, 0], [1, ...problem.y.shape.slice(1)]);
        const alone = await runSolver(solver, { ...problem, y }, prior, params, { compile, ids: [id] });
        const apart = differ(together.restored.subarray(i * size, (i + 1) * size), alone.restored);
        expect(apart < 1e-3, `alone, picture ${id} differs by ${apart}: is something taken over the batch?`);
      }
    },
  },
  {
    name: 'reports every step, and the network calls that it states',
    async run({ solver, compile }) {
      const [[, make]] = operatorsFor(solver) as [[string, () => Operator]];
      const prior = fakePriorFor(solver);
      const params = solver.params.parse(short(solver));
      const seen = await runSolver(solver, problemFor(prior, make(), 2), prior, params, { compile });
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
      const [[, make]] = operatorsFor(solver) as [[string, () => Operator]];
      const prior = fakePriorFor(solver);
      const problem = problemFor(prior, make(), 2);
      const left = async (steps: number) => {
        const before = tf.memory().numTensors;
        await runSolver(solver, problem, prior, short(solver, steps), { compile });
        return tf.memory().numTensors - before;
      };
      const [few, many] = [await left(10), await left(20)];
      expect(few === many, `10 steps leave ${few} tensors, 20 steps ${many}`);
    },
  },
];

const ofSegmenters: readonly Check<'segment'>[] = [
  {
    name: 'gives each pixel one of the classes, the same for the same seed',
    async run({ solver, compile }) {
      const prior = fakePriorFor(solver);
      const given = labelledPictures(prior, 2);
      const run = () => runSolver(solver, given, prior, short(solver), { compile });
      const [first, again] = [await run(), await run()];
      const { classes } = given.examples;
      expect(
        first.shape.join() === `2,${IMAGE.slice(1)}`,
        `found [${first.shape}], expected [2,${IMAGE.slice(1)}]`,
      );
      const wrong = first.restored.find((label) => !classes[label]);
      expect(wrong === undefined, `found a label of ${wrong}, expected 0 to ${classes.length - 1}`);
      expect(differ(first.restored, again.restored) === 0, 'the same seed gave another label map');
    },
  },
];

const ofKind: { readonly [K in Kind]: readonly Check<K>[] } = {
  restore: ofRestorers,
  segment: ofSegmenters,
};

/** Samples the prior and never looks at y. */
const unguided = defineSolver({
  name: 'unguided',
  version: 1,
  paper: 'none',
  requires: {},
  params: z.strictObject({ steps: z.int() }),
  async solve(_, prior: Prior, { steps }, run) {
    const c = prior.text?.embed(run.each(''));
    const ancestry = prior.learnedVariance ? ancestral(prior, steps) : null;
    type S = { x: ReturnType<typeof gaussian> };
    let s: S = { x: run.normal('initial', prior.shape) };
    if (ancestry) {
      const step = run.step(({ x }: S, at: ReturnType<(typeof ancestry)['at']>) => ({
        x: at.draw(at.posterior(x, prior.predict(x, at.t))),
      }));
      for (const at of run.steps(ancestry)) s = await step(s, at);
    } else {
      const grid = ddim(prior, { steps, eta: 0 });
      const step = run.step(({ x }: S, at: ReturnType<(typeof grid)['at']>) => {
        const predicted = prior.predict(x, at.t, c);
        return { x: at.ddim(at.clean(x, predicted), at.noise(x, predicted)) };
      });
      for (const at of run.steps(grid)) s = await step(s, at);
    }
    return prior.autoencoder?.decode(s.x) ?? s.x;
  },
});

/** Largest difference of two pictures' values; Infinity where one is not finite. */
function differ(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => {
    const difference = Math.abs(value - b[i]!);
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference);
  }, 0);
}
