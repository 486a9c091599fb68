import { type Beginning, head } from '../beginning.ts';

/** A solver to begin with: guidance of the clean latent, which runs and passes the checks. */
export const restoring: Beginning = {
  what: 'solver',
  module: solver,
  experiment,
  shows: 'beside LDPS, in one table',
};

function solver(name: string): string {
  return `import { ddim, defineSolver, eta, norm, steps, tf, z } from 'tweedie';

/** Say here what the method is, and which equations the lines below are. */
export default defineSolver({
  name: '${name}',
  // Raise it whenever the same parameters give other numbers.
  version: 1,
  paper: 'whom to cite',
  requires: { autoencoder: true, text: true },
  params: z.strictObject({
    steps,
    eta,
    stepSize: z.number().min(0).default(1).describe('step size on the gradient of ||y - A D z0||'),
  }),

  async solve({ y, A }, prior, p, run) {
    const { decode } = prior.autoencoder;
    const c = prior.text.embed(run.each(''));
    const misfit = (z0) => tf.sum(norm(tf.sub(y, A.forward(decode(z0)))));
    // A pure function of its arguments: it is traced once and then runs as one graph.
    const step = run.step(({ z }, at) => {
      const predicted = prior.predict(z, at.t, c);
      const tweedie = at.clean(z, predicted);
      const z0 = tf.sub(tweedie, tf.mul(p.stepSize, tf.grad(misfit)(tweedie)));
      return { z: at.ddim(z0, at.noise(z, predicted)), z0 };
    });

    let s = { z: run.normal('initial', prior.shape) };
    for (const at of run.steps(ddim(prior, p))) s = await step(s, at);
    return decode(s.z0);
  },
});
`;
}

function experiment(name: string): string {
  return `${head(name)}
tasks:
  - super-resolution: { factor: 4 }
solvers:
  - ldps: { steps: 20 }
  - ${name}: { steps: 20, stepSize: [0.5, 1] }
report: { baseline: ldps }
`;
}
