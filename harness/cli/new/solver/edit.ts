import { type Beginning, faces, head } from '../beginning.ts';

/** A solver of edits to begin with: each picture noised part of the way, and denoised under what it is to show. */
export const editing: Beginning = {
  what: 'solver',
  module: (name) =>
    solver(name, {
      solves: 'edit',
      told: '// x [B,C,H,W] in [-1,1]; what each picture is to show. There are captions of what it shows too, and with some tasks a mask.',
      given: '{ x, targets }',
      prompts: 'targets',
    }),
  experiment: (name) => experiment(name, { task: 'trait-editing', count: 4, other: 'sdedit-edit' }),
  shows: 'beside SDEdit, in one table',
};

/** The same of translation, where all pictures are to show one thing. */
export const translating: Beginning = {
  what: 'solver',
  module: (name) =>
    solver(name, {
      solves: 'translate',
      told: '// x [B,C,H,W] in [-1,1]; what pictures of the other domain show. There is "from" too, of their own domain.',
      given: '{ x, to }',
      prompts: 'run.each(to)',
    }),
  experiment: (name) => experiment(name, { task: 'trait-translation', count: 16, other: 'sdedit-translate' }),
  shows: 'beside SDEdit, in one table',
};

interface Words {
  readonly solves: 'edit' | 'translate';
  /** A comment on what it is given. */
  readonly told: string;
  readonly given: string;
  readonly prompts: string;
}

function solver(name: string, { solves, told, given, prompts }: Words): string {
  return `import { ddim, defineSolver, eta, guidanceScale, guided, reverseSteps, z } from 'tweedie';

/** Say here what the method is, and which equations the lines below are. */
export default defineSolver({
  solves: '${solves}',
  name: '${name}',
  // Raise it whenever the same parameters give other numbers.
  version: 1,
  paper: 'whom to cite',
  requires: { autoencoder: true, text: true },
  params: z.strictObject({
    steps: reverseSteps(50),
    eta,
    share: z.number().positive().max(1).default(0.5).describe('of the steps that are walked'),
    cfgScale: guidanceScale('classifier-free guidance; 1 is the prompt alone', 3),
  }),
  // Forward passes of the network an image.
  passes: (p) => Math.ceil(p.share * p.steps) * (p.cfgScale === 1 ? 1 : 2),

  ${told}
  async solve(${given}, prior, p, run) {
    const { encode, decode } = prior.autoencoder;
    const c = prior.text.embed(${prompts});
    const predict = guided(prior, prior.text.embed(run.each('')), p.cfgScale);
    // Pure functions of their arguments: each is traced once and then runs as one graph.
    const noised = run.step(({ z, e }, at) => ({ z: at.noised(z, e) }));
    const step = run.step(({ z }, at) => {
      const predicted = predict(z, at.t, c);
      return { z: at.ddim(at.clean(z, predicted), at.noise(z, predicted)) };
    });

    const grid = ddim(prior, p);
    const legs = grid.legs.slice(-Math.ceil(p.share * grid.legs.length));
    let s = { z: encode(x), e: run.normal('initial', prior.shape) };
    for (const at of run.steps({ ...grid, legs })) {
      if (at.n === legs.length) s = await noised(s, at);
      s = await step(s, at);
    }
    return decode(s.z);
  },
});
`;
}

function experiment(
  name: string,
  { task, count, other }: { readonly task: string; readonly count: number; readonly other: string },
): string {
  return `${head(name, { data: faces(count) })}
tasks: [${task}]
solvers:
  - ${other}: { steps: 20, cfgScale: 3 }
  - ${name}: { steps: 20, share: [0.3, 0.5] }
metrics: [psnr, preservation, trait-agreement]
report: { baseline: ${other} }
`;
}
