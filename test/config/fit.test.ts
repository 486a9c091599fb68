import { describe, expect, it } from 'vitest';
import { refuseUnfit } from '../../harness/config/fit.ts';
import { UserError } from '../../harness/errors.ts';
import { priors } from '../../harness/priors/index.ts';
import { solvers } from '../../harness/solvers/index.ts';

const where = { file: 'e.yaml', line: 2, column: 8 };
const latent = ['ldps', 'gml-dps', 'psld', 'p2l'];

describe.each([
  ['embedded', latent, 'dps requires a pixel prior, such as guided-diffusion; embedded is a latent prior'],
  [
    'stable-diffusion',
    latent,
    'dps requires a pixel prior, such as guided-diffusion; stable-diffusion is a latent prior',
  ],
  [
    'guided-diffusion',
    ['dps'],
    ' requires a latent prior, such as embedded, stable-diffusion; guided-diffusion is a pixel prior',
  ],
])('with the prior %s', (name, fitting, message) => {
  const prior = priors.find((kind) => kind.name === name)!;

  it.each(solvers.map((solver) => [solver.name, solver] as const))('%s', (solverName, solver) => {
    const plan = () => refuseUnfit(solver, prior, where);
    if (fitting.includes(solverName)) {
      expect(plan).not.toThrow();
    } else {
      expect(plan).toThrow(UserError);
      expect(plan).toThrow(`e.yaml:2:8: ${solverName}${message.replace(/^dps/, '')}`);
    }
  });
});
