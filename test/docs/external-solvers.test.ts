import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checksFor } from '../../harness/conformance/checks.ts';
import { posedFor } from '../../harness/conformance/posed.ts';
import { runSolver } from '../../harness/conformance/run-solver.ts';
import { compileEager } from '../../harness/engine/compile.ts';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';
import { loadPlugin } from '../../harness/plan/plugins.ts';
import dps from '../../harness/solvers/dps.ts';
import sdeditEdit from '../../harness/solvers/sdedit-edit.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import { needing, PYTHON } from '../external/python.ts';
import { fakePixelPrior, fakePrior, operators, problem, run } from '../solvers/support.ts';
import { useDevice } from '../support/device.ts';

const EXAMPLES = join(PACKAGE_ROOT, 'docs/examples');

/** An example's method, run by the Python that has numpy. */
async function inNumpy(file: string): Promise<Solver> {
  const ref = await loadPlugin(join(EXAMPLES, file)).then((plugin) => plugin.ref);
  if (typeof ref === 'string' || !('external' in ref)) throw new Error('expected a description');
  const { external } = ref;
  const [, ...rest] = external.command;
  const plugin = await loadPlugin({ external: { ...external, command: [PYTHON!, ...rest] } });
  return plugin.solvers[0]!;
}

it.each(['dps_numpy.yaml', 'sdedit_numpy.py'])('the page shows its example %s as it is', (file) => {
  const page = readFileSync(join(PACKAGE_ROOT, 'docs/external-solvers.md'), 'utf8');
  expect(page).toContain(readFileSync(join(EXAMPLES, file), 'utf8'));
});

it('the method of the page has less than 30 lines', () => {
  const [, body] = readFileSync(join(EXAMPLES, 'dps_numpy.py'), 'utf8').split('def dps');
  expect(body!.split('solve(dps)')[0]!.trim().split('\n').length).toBeLessThan(30);
});

describe.skipIf(PYTHON === null)(`DPS in numpy${needing}`, () => {
  beforeAll(() => useDevice('cpu-reference'));

  it.each(['super-resolution', 'inpainting', 'high dynamic range'])(
    'gives on %s the pictures that the DPS of this program gives, with the same calls and one more each step',
    async (name) => {
      const prior = fakePixelPrior();
      const made = problem(prior, operators[name]!(), 2);
      const params = { steps: 10, zeta: 0.5 };
      const [theirs, ours] = [
        await run(await inNumpy('dps_numpy.yaml'), made, prior, params),
        await run(dps, made, prior, params),
      ];
      const furthest = theirs.restored.reduce(
        (most, x, i) => Math.max(most, Math.abs(x - ours.restored[i]!)),
        0,
      );
      expect(furthest).toBeLessThan(1e-3);
      expect(theirs.progress).toEqual(ours.progress);
      expect(ours.calls).toEqual({ unetForward: 10, unetBackward: 10 });
      expect(theirs.calls).toEqual({ unetForward: 20, unetBackward: 10 });
    },
  );

  it('gives each picture the same result alone and in a batch', { timeout: 60_000 }, async () => {
    const { compile } = await useDevice('cpu');
    const solver = await inNumpy('dps_numpy.yaml');
    const alike = checksFor(solver).filter(({ name }) => name.includes('whatever its neighbours'));
    expect(alike).toHaveLength(1);
    for (const { run } of alike) await run({ solver, compile });
  });
});

describe.skipIf(PYTHON === null)(`SDEdit in numpy${needing}`, () => {
  beforeAll(() => useDevice('cpu-reference'));

  it('gives the edited pictures that the SDEdit of this program gives, with the same calls', async () => {
    const prior = fakePrior();
    const solver = await inNumpy('sdedit_numpy.yaml');
    const given = posedFor('edit').given(solver as Solver<'edit'>, prior, 2);
    const params = { steps: 10, t0: 0.4, cfgScale: 3 };
    const by = { compile: compileEager };
    const theirs = await runSolver(solver as Solver<'edit'>, given, prior, params, by);
    const ours = await runSolver(sdeditEdit, given, prior, { ...params, eta: 0 }, by);
    const furthest = theirs.restored.reduce(
      (most, x, i) => Math.max(most, Math.abs(x - ours.restored[i]!)),
      0,
    );
    expect(furthest).toBeLessThan(1e-3);
    expect(theirs.calls).toEqual(ours.calls);
    expect(theirs.progress).toEqual(ours.progress);
  });
});
