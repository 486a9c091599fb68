import { toyfaces } from '../data/toyfaces.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from '../operators/operator.ts';
import { proximalByCg } from '../operators/proximal.ts';
import type { Kind } from '../tasks/kinds.ts';
import { rolesOf } from '../tasks/roles.ts';
import type { ImageShape, Posed, Task } from '../tasks/task.ts';
import { judged } from '../worker/answer.ts';
import { BatchStreams } from '../worker/streams.ts';
import { expect } from './check.ts';
import { describesParameters } from './describes-parameters.ts';
import type { PartCheck } from './part-check.ts';
import { gaussian } from './run-solver.ts';

/** Small, and with the number of divisors that block sizes need. */
const SHAPE: ImageShape = [3, 64, 64];

/** What every task must do, on pictures of toyfaces with its default parameters. */
export const ofTasks: readonly PartCheck<Task>[] = [
  { name: 'describes each parameter, has a default for each and refuses others', run: describesParameters },
  {
    name: 'poses the same problem for the same seed, whatever the neighbours in the batch',
    async run(task) {
      const of = async (ids: readonly string[]) => {
        const { given, truth } = await pose(task, ids);
        const drawn = rolesOf(task.kind).givenOf(given) ?? truth;
        return (await drawn.data()) as Float32Array;
      };
      const ids = await idsFor(task);
      const [together, again, alone] = [await of(ids), await of(ids), await of(ids.slice(0, 1))];
      expect(
        together.every((value, i) => value === again[i]),
        'the same seed gave another measurement',
      );
      const apart = alone.findIndex((value, i) => Math.abs(value - together[i]!) > 1e-4);
      expect(
        apart < 0,
        'alone, a picture is measured otherwise: draw from its own streams.uniforms("operator", i)',
      );
    },
  },
  {
    name: 'says of itself whether its operators are linear',
    concerns: isRestoration,
    async run(task) {
      const A = await operatorOf(task);
      expect(
        A.linear || task.nonlinear === true,
        `${A.name} is not linear: expected nonlinear: true of the task`,
      );
    },
  },
  {
    name: 'has operators whose adjoint is exact, and whose proximal map is the minimum',
    concerns: (task) => isRestoration(task) && task.nonlinear !== true,
    async run(task) {
      const A = await operatorOf(task);
      if (!A.linear || !A.adjoint) return;
      const x = gaussian(0, [2, ...SHAPE]);
      const clean = A.forward(x);
      // Not orthogonal to A x, so that a wrong factor shows.
      const y = tf.add(clean, gaussian(1, clean.shape));
      const [left, right] = [await inner(clean, y), await inner(x, A.adjoint(y))];
      const most = 1e-3 * Math.sqrt((await inner(clean, clean)) * (await inner(y, y)));
      expect(
        Math.abs(left - right) < most,
        `adjoint: <A x, y> is ${left}, <x, A^T y> ${right}; expected the same`,
      );
      if (!A.proximal) return;
      const apart = tf.sub(A.proximal(y, x, 0.5), proximalByCg(A, y, x, 0.5, 60));
      const error = Math.sqrt(await inner(apart, apart)) / Math.sqrt(await inner(x, x));
      expect(error < 1e-2, `proximal: ${error} (relative) from what conjugate gradients find`);
    },
  },
  {
    name: 'has a baseline that returns what a method of its kind does',
    concerns: ({ baseline }) => baseline !== undefined,
    async run(task) {
      const ids = await idsFor(task);
      const { given } = await pose(task, ids);
      const baseline = task.baseline!;
      const answer = baseline.solve(given, SHAPE);
      await judged(baseline.name, task.kind, answer, given, [ids.length, ...SHAPE]);
    },
  },
];

function isRestoration(task: Task): task is Task<'restore'> {
  return task.kind === 'restore';
}

async function operatorOf(task: Task): Promise<Operator> {
  const { A } = (await pose(task as Task<'restore'>, await idsFor(task))).given;
  expect(A !== undefined, 'given.A: found none, expected the operator that has measured');
  return A;
}

/** The first two pictures that it is posed on. */
async function idsFor(task: Task): Promise<string[]> {
  const params = task.params.parse({});
  const ids: string[] = [];
  for (const id of await toyfaces.ids('test'))
    if (ids.length < 2 && !(await task.leavesOut?.(toyfaces, id, params))) ids.push(id);
  expect(ids.length === 2, 'leavesOut: leaves out all pictures of toyfaces, or all but one');
  return ids;
}

async function pose<K extends Kind>(task: Task<K>, ids: readonly string[]): Promise<Posed<K>> {
  const [, height, width] = SHAPE;
  const items = await Promise.all(ids.map((id) => toyfaces.item(id, { height, width })));
  const x = tf.stack(items.map(({ image }) => tf.tensor(image, [...SHAPE])));
  const params = task.params.parse({});
  const misfit = task.misfit?.(params, SHAPE);
  expect(!misfit, `misfit: its default ${misfit?.parameter} does not go with 64x64 images`);
  return task.pose({ x, ids, dataset: toyfaces }, params, new BatchStreams(0, ids));
}

async function inner(a: Tensor, b: Tensor): Promise<number> {
  return (await tf.sum(tf.mul(a, b)).data())[0]!;
}
