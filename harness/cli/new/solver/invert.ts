import { type Beginning, head } from '../beginning.ts';

/** A solver of inversion to begin with: DDIM's steps turned round. */
export const inverting: Beginning = {
  what: 'solver',
  module: solver,
  experiment,
  shows: 'beside what the autoencoder alone loses, in one table',
};

function solver(name: string): string {
  return `import { afterInversion, ddim, defineSolver, reverseSteps, tf, z } from 'tweedie';

/** Say here what the method is, and which equations the lines below are. */
export default defineSolver({
  solves: 'invert',
  name: '${name}',
  // Raise it whenever the same parameters give other numbers.
  version: 1,
  paper: 'whom to cite',
  requires: { autoencoder: true, text: true },
  params: z.strictObject({ steps: reverseSteps(50) }),
  // Forward passes of the network an image.
  passes: (p) => 2 * p.steps,

  // x [B,C,H,W] in [-1,1]; what each picture shows, where the data set says it.
  async solve({ x, captions }, prior, p, run) {
    const { encode, decode } = prior.autoencoder;
    const c = prior.text.embed(captions ?? run.each(''));
    // Pure functions of their arguments: each is traced once and then runs as one graph.
    const rise = run.step(({ z }, { up, down: at }) => ({ z: up(z, at.noise(z, prior.predict(z, at.t, c))) }));
    const fall = run.step(({ z }, { down: at }) => {
      const predicted = prior.predict(z, at.t, c);
      return { z: at.ddim(at.clean(z, predicted), at.noise(z, predicted)) };
    });

    let s = { z: encode(x) };
    let noise;
    for (const at of run.steps(afterInversion(ddim(prior, { steps: p.steps, eta: 0 })))) {
      const isUp = at.next > at.t;
      if (!isUp) noise ??= tf.clone(s.z);
      s = await (isUp ? rise : fall)(s, at);
    }
    // The picture made again, and the noise that it was made of.
    return { x: decode(s.z), noise };
  },
});
`;
}

function experiment(name: string): string {
  return `${head(name)}
tasks: [inversion]
solvers:
  - round-trip
  - ${name}: { steps: [10, 20] }
report: { baseline: round-trip }
`;
}
