/** Tasks that change pictures, or make them of words: what a plan makes of them, and what it refuses. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import type { Dataset } from '../../harness/data/dataset.ts';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import type { Plan } from '../../harness/plan/plan.ts';
import traitTranslation from '../../harness/tasks/translate/trait-translation.ts';
import { folderWith } from '../config/fakes.ts';

async function planned(
  tasks: string,
  rest = 'solvers: []',
  about: Partial<Dataset> = {},
  selection = 'count: 12',
): Promise<Plan> {
  const text = `name: trial
prior: embedded
data: { set: toyfaces, ${selection} }
tasks: [${tasks}]
${rest}
`;
  const file = join(folderWith({ 'e.yaml': text }), 'e.yaml');
  const datasets = new Map([['toyfaces', { ...toyfaces, ...about } as Dataset]]);
  return loadPlan(file, { ...registries, datasets }).catch((error: Error) => {
    throw new Error(`${error.name} ${error.message.replaceAll(`${file}:`, '')}`);
  });
}

const idsOf = ({ batches }: Plan) => batches.flatMap(({ items }) => items.map(({ id }) => id));

describe('pictures that a task is not for', () => {
  it('are left out of it, with the reasons, and stay in others', async () => {
    const { batches, notes } = await planned('trait-editing: { change: { hat: red } }, colourisation');
    const idsOn = (task: string) =>
      batches
        .filter(({ setting }) => setting.task === task)
        .flatMap(({ items }) => items.map(({ id }) => id));
    expect(idsOn('trait-editing')).toEqual(['test/00000', 'test/00005', 'test/00008']);
    expect(idsOn('colourisation')).toHaveLength(12);
    expect(notes).toContain(
      'trait-editing is posed on 3 of 12 pictures (left out: 3: a hat is never worn with a beard; ' +
        '6: a hat sits on short or long hair only)',
    );
  });

  it('are told for each point of a grid by what it is', async () => {
    const { notes } = await planned('trait-editing: { change: [{ hat: red }, { hat: blue }] }');
    expect(notes.map((note) => note.split(' is posed')[0])).toEqual([
      'trait-editing (change=hat red)',
      'trait-editing (change=hat blue)',
    ]);
  });

  it('may leave too few for metrics of sets, which the plan says', async () => {
    const { notes } = await planned('trait-editing', 'solvers: []\nmetrics: [psnr, fid-toy]', {}, 'count: 1');
    expect(notes).toEqual(['trait-editing has 1 picture: there is no fid-toy of fewer than 2']);
    const enough = await planned('trait-editing', 'solvers: []\nmetrics: [psnr, fid-toy]', {}, 'count: 2');
    expect(enough.notes).toEqual([]);
  });

  it('are those of another domain, in translation', async () => {
    const plan = await planned(
      'trait-translation: { from: { hair: black, glasses: square }, to: { hair: red } }',
    );
    for (const id of idsOf(plan))
      expect(await toyfaces.traits!.of(id)).toMatchObject({ hair: 'black', glasses: 'square' });
  });

  it('are none where each has a change of its own', async () => {
    const plan = await planned('trait-editing');
    expect(idsOf(plan)).toHaveLength(12);
    expect(plan.notes).toEqual([]);
  });

  it('cannot be all', async () => {
    await expect(planned('trait-editing: { change: { hairStyle: none, hat: red } }')).rejects.toThrow(
      /^UserError 4:\d+: trait-editing: no picture is left of 12 \(.*\d: a hat sits on short or long hair only/,
    );
  });
});

describe('a plan refuses', () => {
  it.each([
    ['{ change: { hatt: red } }', 'unknown trait "hatt" of toyfaces: did you mean "hat"?', '4:36'],
    ['{ change: { hat: rad } }', 'unknown value "rad" of the trait hat: did you mean "red"?', '4:41'],
  ])('a trait that the set has not, with the place: %s', async (params, told, where) => {
    await expect(planned(`trait-editing: ${params}`)).rejects.toThrow(
      `UserError ${where}: trait-editing.change: ${told}`,
    );
  });

  it.each([
    ['trait-editing: { change: { hat: true } }', '4:41: trait-editing.change.hat: expected text, found true'],
    [
      'trait-editing: { change: hat }',
      '4:34: trait-editing.change: expected drawn or a mapping, found "hat"',
    ],
    [
      'trait-editing: { change: { hat: red }, count: 2 }',
      '4:55: trait-editing.count: counts traits that are drawn; here change names them: expected 1',
    ],
    [
      'trait-translation: { from: { hair: red }, to: { hair: red } }',
      '4:55: trait-translation.to: is what from says; expected another domain',
    ],
  ])('a change that says nothing, or two things: %s', async (task, told) => {
    await expect(planned(task)).rejects.toThrow(`UserError ${told}`);
  });

  it('one of a domain', async () => {
    await expect(
      planned('trait-translation: { from: { hair: black }, to: { hair: blonde } }'),
    ).rejects.toThrow(
      'trait-translation.to: unknown value "blonde" of the trait hair: did you mean "blond"?',
    );
  });

  it.each([
    [
      'trait-editing',
      { traits: undefined },
      'task trait-editing needs pictures whose traits can be changed; the data set toyfaces has none',
    ],
    [
      'caption-generation',
      { caption: undefined },
      'task caption-generation needs pictures with captions; the data set toyfaces has none',
    ],
  ])('%s on data that cannot have it', async (task, about, told) => {
    await expect(planned(task, 'solvers: []\nmetrics: [fid-toy]', about)).rejects.toThrow(
      `UserError 4:9: ${told}`,
    );
  });

  it('to compare generated pictures one by one with pictures that they are not of', async () => {
    await expect(planned('caption-generation', 'solvers: []\nmetrics: [psnr]')).rejects.toThrow(
      'UserError 6:11: metric psnr compares pictures with their truth; those of no task here have one',
    );
  });

  it('generation without a metric, since none is usual', async () => {
    await expect(planned('caption-generation')).rejects.toThrow(
      'UserError 4:8: a task to generate has no usual metric: expected some, as metrics: [fid-toy, trait-agreement]',
    );
  });

  it('traits that a metric does not see', async () => {
    const others = { ...toyfaces.traits!, values: { ...toyfaces.traits!.values, scarf: ['red'] } };
    await expect(
      planned('caption-generation', 'solvers: []\nmetrics: [trait-agreement]', { traits: others }),
    ).rejects.toThrow(/UserError 6:11: metric trait-agreement sees background, .*has the trait scarf/);
    await expect(planned('inversion', 'solvers: []\nmetrics: [trait-agreement]')).rejects.toThrow(
      'metric trait-agreement is of pictures with wanted traits; no task here finds any',
    );
  });

  it('to learn from examples where the task shows none', async () => {
    const solvers = 'solvers: [{ lsb: { promptSteps: [0, 20] } }]';
    const domains = 'from: { hair: red }, to: { hair: blond }';
    await expect(planned(`trait-translation: { ${domains}, examples: 0 }`, solvers)).rejects.toThrow(
      'UserError 5:37: lsb.promptSteps: found 20; task trait-translation shows its methods no examples here: expected 0',
    );
    expect((await planned(`trait-translation: { ${domains} }`, solvers)).batches.length).toBeGreaterThan(0);
  });

  it('to score pictures that a translation shows its methods', async () => {
    const text = 'trait-translation: { from: { hair: black }, to: { hair: blond }, examples: 2 }';
    const [first] = await traitTranslation.shows!(toyfaces, traitTranslation.params.parse({ examples: 2 }));
    await expect(planned(text, 'solvers: []', {}, `split: train, items: [${first}]`)).rejects.toThrow(
      `data: ${first}: task trait-translation shows its methods this as examples; expected pictures of another split`,
    );
  });

  it('a solver of another kind alone', async () => {
    await expect(planned('trait-editing', 'solvers: [round-trip]')).rejects.toThrow(
      'round-trip is a method to invert; expected a task of that kind, found trait-editing (edit)',
    );
  });
});

it('solvers of one kind that a task is not for are told in one line', async () => {
  const solvers = 'solvers: [sdedit-edit, ilvr-edit, ddib]';
  const { notes } = await planned(
    'trait-editing, trait-translation: { from: { hair: red }, to: { hair: blond } }',
    solvers,
  );
  expect(notes).toContain('sdedit-edit, ilvr-edit do not run on trait-translation: they are methods to edit');
  expect(notes).toContain('ddib does not run on trait-editing: it is a method to translate');
});

it('a task that has no row of the baseline of the report is told', async () => {
  const tasks = 'trait-editing, trait-translation: { from: { hair: red }, to: { hair: blond } }, inversion';
  const about = 'solvers: [sdedit-edit, ilvr-edit, ddib]\nreport: { baseline: sdedit-edit }';
  const { notes } = await planned(tasks, about);
  expect(notes.filter((note) => note.includes("the report's baseline"))).toEqual([
    "trait-translation has no row of sdedit-edit, the report's baseline: its tables show no differences",
  ]);
});

it('why a metric does not score what a task finds is told', async () => {
  const { notes } = await planned(
    'caption-generation, inversion',
    'solvers: []\nmetrics: [psnr, ssim, trait-agreement]',
  );
  expect(notes).toContain(
    'caption-generation finds pictures without a truth: not scored by psnr, ssim (made to compare pictures with their truth)',
  );
  expect(notes).toContain(
    'inversion finds pictures: not scored by trait-agreement (made to score pictures with wanted traits)',
  );
});

describe('the row that bounds inversion in latents', () => {
  const told =
    'inversion has no row of what the autoencoder alone loses, which bounds inversion in latents: list the solver round-trip for it';
  const notesOf = async (rest: string, tasks = 'inversion') => (await planned(tasks, rest)).notes;

  it('is missed where no solver is it', async () => {
    expect(await notesOf('solvers: [edict, ddim-inversion]')).toEqual([told]);
  });

  it.each([
    ['is listed', 'solvers: [edict, round-trip]'],
    ['is listed, and left out', 'solvers: [edict, round-trip]\nexclude: [{ solver: round-trip }]'],
    ['is listed with others left out', 'solvers: [edict, round-trip]\nexclude: [{ solver: edict }]'],
  ])('is not where it %s', async (_, rest) => {
    expect(await notesOf(rest)).not.toContain(told);
  });

  it('is missed of no task that nothing runs on, and none of another kind', async () => {
    expect(await notesOf('solvers: [edict]\nexclude: [{ solver: edict }]')).not.toContain(told);
    expect(await notesOf('solvers: [ddim-inversion-edit]', 'trait-editing')).toEqual([]);
  });
});

describe('by default', () => {
  it.each([
    ['inversion', ['psnr', 'ssim']],
    ['trait-editing', ['psnr', 'ssim', 'preservation']],
    ['trait-translation', ['psnr', 'ssim', 'preservation']],
  ])('%s is scored by %j', async (task, names) => {
    const { metrics } = await planned(task);
    expect(metrics.map(({ name }) => name)).toEqual(names);
  });
});

it('cells of tasks that were there before keep their keys', async () => {
  const { batches } = await planned('colourisation');
  expect(batches[0]!.items[0]!.cellKey).toBe(
    'a214342c52b63618ec1539a58da428fd15a52098296b71e23721ff022d4bb9a1',
  );
});
