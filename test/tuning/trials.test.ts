import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTuning, type TuningPlan } from '../../harness/tuning/load.ts';
import { fakes, folderWith, GOOD } from '../config/fakes.ts';

const tuningOf = (tune: string, text = GOOD): Promise<TuningPlan> =>
  loadTuning(join(folderWith({ 'e.yaml': `${text}tune: ${tune}\n` }), 'e.yaml'), fakes, [], () => null);

/** The parameters that are searched, of each trial of the only search. */
const trialsOf = async (tune: string, text = GOOD) => {
  const { searches } = await tuningOf(tune, text);
  const [search] = searches;
  expect(searches).toHaveLength(1);
  const params = search!.points.map((point) => search!.parameters.map((name) => point.params[name]));
  return { params, passes: search!.passes, exhausted: search!.exhausted };
};

describe('a budget', () => {
  // 50 passes a picture, 4 pictures: 200 a trial.
  const search = 'search: { ldps: { latentStep: { from: 1, to: 9 } } }';

  it.each([
    [200, 1],
    [399, 1],
    [400, 2],
    [2000, 10],
  ])('of %i buys %i trials of 200', async (budget, trials) => {
    const { params, passes } = await trialsOf(`{ budget: ${budget}, ${search} }`);
    expect(params).toHaveLength(trials);
    expect(passes).toBe(200 * trials);
  });

  it('that is too small buys the first trial all the same, and the plan says so', async () => {
    const { plan, searches } = await tuningOf(`{ budget: 30, ${search} }`);
    expect(searches[0]!.points).toHaveLength(1);
    expect(plan.notes).toContain('one trial of ldps takes 200 network evaluations, the budget is 30');
  });

  it('counts pictures times seeds', async () => {
    const { params } = await trialsOf(`{ budget: 2000, count: 2, seeds: [0, 1, 2, 3], ${search} }`);
    expect(params).toHaveLength(5);
  });

  it('counts what each trial costs where that is searched, and ends at the first that is too dear', async () => {
    const { params, passes } = await trialsOf(
      '{ budget: 400, count: 1, search: { ldps: { steps: [100, 200, 51, 1] } } }',
    );
    expect(params).toEqual([[50], [100], [200]]);
    expect(passes).toBe(350);
  });

  it('is the same for every method on every task', async () => {
    const text = `${GOOD.replace('tasks:\n', 'tasks:\n  - gaussian-deblurring\n')}  - p2l: { steps: 25 }\n`;
    const { searches } = await tuningOf(
      '{ budget: 1000, search: { ldps: { latentStep: { from: 1, to: 9 } }, p2l: { latentStep: { from: 1, to: 9 } } } }',
      text,
    );
    expect(
      searches.map(({ task, solver, points, passes }) => [
        task.task.name,
        solver.name,
        points.length,
        passes,
      ]),
    ).toEqual([
      ['gaussian-deblurring', 'ldps', 5, 1000],
      ['gaussian-deblurring', 'p2l', 10, 1000],
      ['super-resolution', 'ldps', 5, 1000],
      ['super-resolution', 'p2l', 10, 1000],
    ]);
  });

  it('that buys trials without end is refused', async () => {
    const endless =
      '{ budget: 9007199254740991, count: 1, search: { ldps: { latentStep: { from: 1, to: 9000 } } } }';
    const text = GOOD.replace('steps: 50', 'steps: 1');
    await expect(tuningOf(endless, text)).rejects.toThrow(
      /e\.yaml:8:17: tune\.budget: buys more than 10,000 trials of ldps$/,
    );
  });
});

describe('trials', () => {
  it('begin with the method as it stands, overrides included, and make no point twice', async () => {
    const text = GOOD.replace('factor: 8 }\n', 'factor: 8 }\n    override: { ldps: { latentStep: 3 } }\n');
    const { params, exhausted } = await trialsOf(
      '{ budget: 9999, search: { ldps: { latentStep: [1, 3, 1, 2] } } }',
      text,
    );
    expect(params).toEqual([[3], [1], [2]]);
    expect(exhausted).toBe(true);
  });

  it('of whole numbers end when all are tried', async () => {
    const { params, exhausted } = await trialsOf(
      '{ budget: 99999, count: 1, search: { ldps: { steps: { from: 49, to: 52 } } } }',
    );
    expect(params.flat().sort()).toEqual([49, 50, 51, 52]);
    expect(exhausted).toBe(true);
  });

  it('are ordinary cells of validation pictures, under a name of their own', async () => {
    const { plan } = await tuningOf('{ budget: 400, count: 2, search: { ldps: { latentStep: [2, 3] } } }');
    expect(plan.name).toBe('trial+tune');
    expect(plan.metrics.map(({ name }) => name)).toEqual(['psnr']);
    expect(
      plan.batches.map(({ method, items }) => [
        method.name,
        method.params.latentStep,
        items.map(({ id }) => id),
      ]),
    ).toEqual([
      ['bicubic', undefined, ['validation/0', 'validation/1']],
      ['ldps', 1, ['validation/0', 'validation/1']],
      ['ldps', 2, ['validation/0', 'validation/1']],
      ['ldps', 3, ['validation/0', 'validation/1']],
    ]);
  });

  it('that end before the budget does are told', async () => {
    const notes = async (budget: number) =>
      (await tuningOf(`{ budget: ${budget}, search: { ldps: { latentStep: [2, 3] } } }`)).plan.notes;
    expect(await notes(799)).toEqual([]);
    expect(await notes(800)).toEqual([
      'the candidates of ldps end after 3 trials: 600 of 800 network evaluations',
    ]);
  });

  it('leave what is not searched out, and say so', async () => {
    const { plan } = await tuningOf(
      '{ budget: 400, search: { ldps: { latentStep: [2] } } }',
      `${GOOD}  - p2l\n`,
    );
    expect(plan.batches.map(({ method }) => method.name)).not.toContain('p2l');
    expect(plan.notes).toContain('p2l is not tuned');
  });
});
