import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { registries } from '../../harness/cli/registries.ts';
import { type Plugin, withPlugins } from '../../harness/plan/plugins.ts';
import { defineSolver } from '../../harness/solvers/solver.ts';

/** A plug-in with solvers of these names. */
function plugin(path: string, line: number, ...names: string[]): Plugin {
  const solvers = names.map((name) =>
    defineSolver({
      name,
      version: 1,
      paper: 'none',
      requires: {},
      params: z.strictObject({}),
      solve: async ({ y }) => y,
    }),
  );
  return {
    ref: path,
    path,
    where: { file: 'one.yaml', line, column: 3 },
    sha256: '',
    solvers,
    priors: [],
    tasks: [],
    metrics: [],
    datasets: [],
  };
}

describe('a name that is taken is refused at the place that names the plug-in:', () => {
  it.each([
    [
      'by a built-in solver',
      [plugin('a.js', 2, 'ldps')],
      '2:3: plug-in a.js: there is a solver "ldps" already (built in)',
    ],
    [
      'by another plug-in',
      [plugin('a.js', 2, 'mine'), plugin('b.js', 3, 'mine')],
      '3:3: plug-in b.js: there is a solver "mine" already (of plug-in a.js)',
    ],
    [
      'by the same plug-in',
      [plugin('a.js', 2, 'mine', 'yours', 'mine')],
      '2:3: plug-in a.js: there is a solver "mine" already (its own)',
    ],
  ])('%s', (_, plugins, told) => {
    expect(() => withPlugins(registries, plugins)).toThrow(`one.yaml:${told}; expected another name`);
  });
});
