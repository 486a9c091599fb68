import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checksFor, type Subject } from '../../harness/conformance/checks.ts';
import { tf } from '../../harness/engine/tf.ts';
import { solvers } from '../../harness/solvers/index.ts';
import { defineSolver } from '../../harness/solvers/solver.ts';
import { useDevice } from '../support/device.ts';

let compile: Subject['compile'];
beforeAll(async () => {
  ({ compile } = await useDevice('cpu-reference'));
});

describe.each(solvers.map((solver) => [solver.name, solver] as const))('%s', (_, solver) => {
  it.each(checksFor(solver))('$name', ({ run }) => run({ solver, compile }));
});

describe('a solver that segments', () => {
  const answering = (label: number) =>
    defineSolver({
      solves: 'segment',
      name: 'flat',
      version: 1,
      paper: 'none',
      requires: {},
      params: z.strictObject({}),
      solve: async ({ x }) => ({ labels: tf.fill([x.shape[0]!, 16, 16], label, 'int32') }),
    });

  it('is checked for its labels', async () => {
    for (const { run } of checksFor(answering(1))) await run({ solver: answering(1), compile });
    const [last] = checksFor(answering(7)).slice(-1);
    await expect(last!.run({ solver: answering(7), compile })).rejects.toThrow(
      'found a label of 7, expected 0 to 1',
    );
  });
});
