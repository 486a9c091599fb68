import { beforeAll, describe, it } from 'vitest';
import { checks, type Subject } from '../../harness/conformance/checks.ts';
import { solvers } from '../../harness/solvers/index.ts';
import { useDevice } from '../support/device.ts';

let compile: Subject['compile'];
beforeAll(async () => {
  ({ compile } = await useDevice('cpu-reference'));
});

describe.each(solvers.map((solver) => [solver.name, solver] as const))('%s', (_, solver) => {
  it.each(checks)('$name', ({ run }) => run({ solver, compile }));
});
