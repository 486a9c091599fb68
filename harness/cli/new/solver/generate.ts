import { type Beginning, head } from '../beginning.ts';

/** A solver of generation to begin with: DDIM under classifier-free guidance. */
export const generating: Beginning = {
  what: 'solver',
  module: solver,
  experiment,
  shows: 'beside CFG, in one table',
};

function solver(name: string): string {
  return `import { ddim, defineSolver, eta, guidanceScale, guided, reverseSteps, z } from 'tweedie';

/** Say here what the method is, and which equations the lines below are. */
export default defineSolver({
  solves: 'generate',
  name: '${name}',
  // Raise it whenever the same parameters give other numbers.
  version: 1,
  paper: 'whom to cite',
  requires: { autoencoder: true, text: true },
  params: z.strictObject({
    steps: reverseSteps(50),
    eta,
    cfgScale: guidanceScale('classifier-free guidance; 1 is the caption alone', 3),
  }),
  // Forward passes of the network an image.
  passes: (p) => p.steps * (p.cfgScale === 1 ? 1 : 2),

  // One caption for each picture that is wanted.
  async solve({ captions }, prior, p, run) {
    const c = prior.text.embed(captions);
    const predict = guided(prior, prior.text.embed(run.each('')), p.cfgScale);
    // A pure function of its arguments: it is traced once and then runs as one graph.
    const step = run.step(({ z }, at) => {
      const predicted = predict(z, at.t, c);
      return { z: at.ddim(at.clean(z, predicted), at.noise(z, predicted)) };
    });

    let s = { z: run.normal('initial', prior.shape) };
    for (const at of run.steps(ddim(prior, p))) s = await step(s, at);
    return prior.autoencoder.decode(s.z);
  },
});
`;
}

function experiment(name: string): string {
  return `${head(name)}
tasks: [caption-generation]
solvers:
  - cfg: { steps: 20, scale: 3 }
  - ${name}: { steps: 20, cfgScale: [1, 3] }
metrics: [trait-agreement, clip-score-toy]
`;
}
