import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Batch } from '../../harness/identity/refs.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { type Plan, seedsOf } from '../../harness/plan/plan.ts';
import { fakes, folderWith, GOOD } from './fakes.ts';

const planOf = (text: string, assignments: readonly string[] = []): Promise<Plan> =>
  loadPlan(join(folderWith({ 'e.yaml': text }), 'e.yaml'), fakes, assignments);

const withSolvers = (lines: string) => GOOD.replace('  - ldps: { steps: 50 }\n', lines);

const solverParams = ({ batches }: Plan) =>
  batches.filter(({ method }) => method.kind === 'solver').map(({ method }) => method.params);

describe('the grid', () => {
  it('fills in the defaults of a bare solver', async () => {
    expect(solverParams(await planOf(withSolvers('  - ldps\n')))).toEqual([{ steps: 1000, latentStep: 1 }]);
    expect(solverParams(await planOf(withSolvers('  - ldps:\n')))).toEqual([{ steps: 1000, latentStep: 1 }]);
  });

  it('expands a list where one value is expected', async () => {
    const params = solverParams(await planOf(withSolvers('  - p2l: { promptSteps: [0, 1, 3] }\n')));
    expect(params.map((p) => p.promptSteps)).toEqual([0, 1, 3]);
  });

  it('expands a range where one number is expected, both ends included', async () => {
    const values = async (range: string) =>
      solverParams(await planOf(withSolvers(`  - ldps: { ${range} }\n`))).map((p) => [p.steps, p.latentStep]);
    const of = async (range: string) => (await values(range)).map(([, latentStep]) => latentStep);
    expect(await of('latentStep: { from: 0.1, to: 0.5, count: 3 }')).toEqual([0.1, 0.3, 0.5]);
    expect(await of('latentStep: { from: 0.01, to: 10, count: 4, scale: log }')).toEqual([0.01, 0.1, 1, 10]);
    expect(await values('steps: { from: 1, to: 3, count: 5 }, latentStep: [1, 2]')).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
      [3, 1],
      [3, 2],
    ]);
  });

  it.each([
    ['{ from: 1, to: 3 }', 'e.yaml:7:20: missing key "count" of range: expected a whole number'],
    ['{ from: 3, to: 1, count: 2 }', 'e.yaml:7:28: range: expected from below to, found from 3 to 1'],
    [
      '{ from: 0, to: 1, count: 2, scale: log }',
      'e.yaml:7:28: range.from: expected more than 0 for scale: log, found 0',
    ],
    ['{ from: 1, to: 3, cuont: 2 }', 'e.yaml:7:38: unknown key "cuont" of range: did you mean "count"?'],
  ])('refuses the range %s', async (range, message) => {
    const error = await planOf(withSolvers(`  - ldps: { steps: ${range} }\n`)).catch(
      (reason: Error) => reason,
    );
    expect((error as Error).message.replace(/^.*(?=e\.yaml)/, '')).toBe(message);
  });

  it('takes the product of several lists, the last key fastest', async () => {
    const params = solverParams(
      await planOf(withSolvers('  - ldps: { steps: [10, 20], latentStep: [0.5, 1] }\n')),
    );
    expect(params.map((p) => [p.steps, p.latentStep])).toEqual([
      [10, 0.5],
      [10, 1],
      [20, 0.5],
      [20, 1],
    ]);
  });

  it('takes lists that a zip names together, at the place of the first', async () => {
    const ldps = async (params: string) =>
      solverParams(await planOf(withSolvers(`  - ldps: { ${params} }\n`))).map((p) => [
        p.steps,
        p.latentStep,
      ]);
    expect(await ldps('steps: [10, 20, 30], latentStep: [1, 2, 4], zip: [steps, latentStep]')).toEqual([
      [10, 1],
      [20, 2],
      [30, 4],
    ]);
    expect(
      await ldps('zip: [latentStep, steps], steps: [1, 2], latentStep: { from: 0.1, to: 1, count: 2 }'),
    ).toEqual([
      [1, 0.1],
      [2, 1],
    ]);
    const p2l = solverParams(
      await planOf(
        withSolvers(
          '  - p2l: { steps: [1, 2], mode: [plain, adam], promptSteps: [3, 4], latentStep: [5, 6], zip: [[steps, promptSteps], [latentStep, mode]] }\n',
        ),
      ),
    );
    expect(p2l.map((p) => [p.steps, p.promptSteps, p.mode, p.latentStep])).toEqual([
      [1, 3, 'plain', 5],
      [1, 3, 'adam', 6],
      [2, 4, 'plain', 5],
      [2, 4, 'adam', 6],
    ]);
  });

  it('zips in task parameters, overrides and nested mappings', async () => {
    const text = withSolvers(
      '  - ldps: { steps: 5 }\n  - p2l: { cfg: { scale: [1, 2], from: [3, 4], zip: [scale, from] } }\n',
    ).replace(
      '{ factor: 8 }\n',
      '{ factor: [4, 8], noise: [0.1, 0.2], zip: [factor, noise] }\n    override: { ldps: { steps: [6, 7], latentStep: [8, 9], zip: [steps, latentStep] } }\n',
    );
    const { batches } = await planOf(text);
    const rows = batches
      .filter(({ method, items }) => method.kind === 'solver' && items[0]!.seed === 0)
      .map(({ method: { name, params }, setting }) => [
        setting.params.factor,
        setting.params.noise,
        name === 'ldps' ? [params.steps, params.latentStep] : params.cfg,
      ]);
    const methods = [[6, 8], [7, 9], { scale: 1, from: 3 }, { scale: 2, from: 4 }];
    expect(rows).toEqual([...methods.map((one) => [4, 0.1, one]), ...methods.map((one) => [8, 0.2, one])]);
  });

  it.each([
    [
      'steps: [1, 2, 3], latentStep: [1, 2], zip: [steps, latentStep]',
      'e.yaml:7:43: zip: expected as many values of each, found 2 of latentStep and 3 of steps (e.yaml:7:20)',
    ],
    [
      'steps: [1, 2], latentStep: 1, zip: [steps, latentStep]',
      'e.yaml:7:40: zip: expected as many values of each, found 1 of latentStep and 2 of steps (e.yaml:7:20)',
    ],
    [
      'steps: [1, 2], latentStep: 1, zip: [steps, latentStpe]',
      'e.yaml:7:56: zip: no parameter "latentStpe" stands beside it: did you mean "latentStep"?',
    ],
    ['steps: [1, 2], zip: [steps, steps]', 'e.yaml:7:41: zip: "steps" stands in it twice'],
    [
      'steps: [1, 2], zip: steps',
      'e.yaml:7:33: zip: expected names of parameters that go together, found "steps"',
    ],
    [
      'steps: [1, 2], zip: [steps]',
      'e.yaml:7:33: zip: expected names of parameters that go together, found one alone',
    ],
    ['steps: 1, zip: [steps, 3]', 'e.yaml:7:36: zip: expected the name of a parameter, found 3'],
  ])('refuses the zip in { %s }', async (params, message) => {
    const error = await planOf(withSolvers(`  - ldps: { ${params} }\n`)).catch((reason: Error) => reason);
    expect((error as Error).message.replaceAll(/\/[^ (]*(?=e\.yaml)/g, '')).toBe(message);
  });

  it('takes a list as one value where a list is expected, and expands a list of lists', async () => {
    const one = solverParams(await planOf(withSolvers('  - p2l: { betas: [0.5, 0.6] }\n')));
    expect(one.map((p) => p.betas)).toEqual([[0.5, 0.6]]);
    const two = solverParams(await planOf(withSolvers('  - p2l: { betas: [[0.5, 0.6], [0.7, 0.8]] }\n')));
    expect(two.map((p) => p.betas)).toEqual([
      [0.5, 0.6],
      [0.7, 0.8],
    ]);
  });

  it('expands inside a nested mapping, and a list of parameter mappings', async () => {
    const nested = solverParams(await planOf(withSolvers('  - p2l: { cfg: { scale: [1, 2] } }\n')));
    expect(nested.map((p) => p.cfg)).toEqual([
      { scale: 1, from: 0 },
      { scale: 2, from: 0 },
    ]);
    const listed = solverParams(await planOf(withSolvers('  - ldps: [{ steps: 5 }, { latentStep: 2 }]\n')));
    expect(listed).toEqual([
      { steps: 5, latentStep: 1 },
      { steps: 1000, latentStep: 2 },
    ]);
  });

  it('calls the methods of an entry by its label, which is part of no key', async () => {
    const labelled = '  - ldps: { steps: [5, 6] }\n    label: ours\n  - p2l\n';
    const [plan, bare] = [
      await planOf(withSolvers(labelled)),
      await planOf(withSolvers(labelled.replace('    label: ours\n', ''))),
    ];
    expect(plan.batches).toEqual(bare.batches);
    const keys = plan.batches.flatMap(({ method }) => (method.name === 'ldps' ? [method.key] : []));
    expect(plan.report.labels).toEqual(Object.fromEntries(keys.map((key) => [key, 'ours'])));
    await expect(planOf(withSolvers('  - ldps: {}\n    label: 3\n'))).rejects.toThrow(
      'e.yaml:8:12: label: expected text, found 3',
    );
  });

  describe('of two entries that mean the same cells', () => {
    const twice = (first: string, second: string) =>
      withSolvers(`  - ldps: { steps: 5 }\n${first}  - ldps: { steps: [5, 6] }\n${second}`);
    const labelled = twice('    label: five\n', '    label: several\n');

    it('refuses labels that differ, with both places', async () => {
      const error = await planOf(labelled).catch((reason: Error) => reason);
      expect((error as Error).message.replaceAll(/\/[^ (]*(?=e\.yaml)/g, '')).toBe(
        'e.yaml:10:12: label: "several" is of the same cells as "five" (e.yaml:8:12); expected one label',
      );
    });

    it('takes one label, or the same twice', async () => {
      for (const [first, second] of [
        ['    label: five\n', '    label: five\n'],
        ['    label: five\n', ''],
        ['', '    label: five\n'],
      ] as const) {
        const { report, batches } = await planOf(twice(first, second));
        const five = batches.find(({ method }) => method.params.steps === 5)!;
        expect(report.labels?.[five.method.key]).toBe('five');
      }
    });

    it("notes labels of what a task's override makes one: the first holds", async () => {
      const text = withSolvers(
        '  - ldps: { steps: 5 }\n    label: five\n  - ldps: { steps: 6 }\n    label: six\n',
      ).replace('{ factor: 8 }\n', '{ factor: 8 }\n    override: { ldps: { steps: 7 } }\n');
      const { notes, report, batches } = await planOf(text);
      expect(notes.map((note) => note.replaceAll(/\/[^ (]*(?=e\.yaml)/g, ''))).toEqual([
        'label e.yaml:11:12: "six" is of the same cells as "five" (e.yaml:9:12) on super-resolution, whose override makes them one: they are called "five" there',
      ]);
      expect(report.labels).toEqual({ [batches.at(-1)!.method.key]: 'five' });
    });
  });

  it("expands task parameters, and lays each task's override over the solvers", async () => {
    const text = GOOD.replace(
      '  - super-resolution: { factor: 8 }\n',
      `  - super-resolution: { factor: [4, 8] }
    override: { ldps: { latentStep: 0.3 } }
  - gaussian-deblurring
`,
    );
    const cells = (await planOf(text)).batches.map(({ setting, method }) => [
      setting.task,
      setting.params.factor,
      method.name,
      method.params.latentStep,
    ]);
    expect(cells).toEqual([
      ['super-resolution', 4, 'bicubic', undefined],
      ['super-resolution', 4, 'ldps', 0.3],
      ['super-resolution', 8, 'bicubic', undefined],
      ['super-resolution', 8, 'ldps', 0.3],
      ['gaussian-deblurring', undefined, 'measurement', undefined],
      ['gaussian-deblurring', undefined, 'ldps', 1],
    ]);
  });

  it('makes the same cells once', async () => {
    const { batches } = await planOf(withSolvers('  - ldps\n  - ldps: { steps: [1000, 1000] }\n'));
    expect(batches.map(({ method }) => method.name)).toEqual(['bicubic', 'ldps']);
  });

  it("cuts the pictures of all seeds into batches: what one seed leaves of a batch is the next one's", async () => {
    const text = `${GOOD}seeds: [0, 7]\nbatch: 2\n`;
    const shape = (b: Batch) => [b.method.name, b.items.map(({ id, seed }) => `${id} ${seed}`)];
    expect((await planOf(text)).batches.map(shape)).toEqual([
      ['bicubic', ['test/0 0', 'test/1 0']],
      ['bicubic', ['test/2 0', 'test/0 7']],
      ['bicubic', ['test/1 7', 'test/2 7']],
      ['ldps', ['test/0 0', 'test/1 0']],
      ['ldps', ['test/2 0', 'test/0 7']],
      ['ldps', ['test/1 7', 'test/2 7']],
    ]);
  });

  it('selects pictures by id', async () => {
    const { batches } = await planOf(GOOD.replace('count: 3', 'items: [test/4, test/1]'));
    expect(batches[0]!.items.map((item) => item.id)).toEqual(['test/4', 'test/1']);
  });

  it('accepts one value for a list', async () => {
    const plan = await planOf(`${GOOD}seeds: 3\nmetrics: psnr\ndevices: wasm\nworkers: 2\n`);
    expect(seedsOf(plan.batches.flatMap(({ items }) => items))).toEqual([3]);
    expect(plan.metrics.map((m) => m.name)).toEqual(['psnr']);
    expect(plan.devices).toEqual([{ device: 'wasm', slots: 2 }]);
  });

  it('has no more workers than batches of the compared methods, unless it says how many', async () => {
    const slots = async (more: string) =>
      (await planOf(`${GOOD}${more}`)).devices.map((device) => device.slots);
    const cores = Math.min(availableParallelism(), 4);
    expect(await slots('batch: 3\n')).toEqual([1]);
    expect(await slots('batch: 1\n')).toEqual([Math.min(cores, 3)]);
    expect(await slots('batch: 3\nworkers: 3\n')).toEqual([3]);
  });
});

describe('one file on top of another', () => {
  it('extends key by key: mappings merge, lists are replaced', async () => {
    const folder = folderWith({
      'base.yaml': `${GOOD}seeds: [0, 1]\n`,
      'e.yaml': 'extends: base.yaml\nname: mine\ndata: { count: 1 }\nseeds: [5]\n',
    });
    const plan = await loadPlan(join(folder, 'e.yaml'), fakes);
    expect(plan.name).toBe('mine');
    expect(plan.batches.map(({ method, items }) => [method.name, items.map(({ seed }) => seed)])).toEqual([
      ['bicubic', [5]],
      ['ldps', [5]],
    ]);
  });

  it('--set reaches any key, list entries by number', async () => {
    const plan = await planOf(GOOD, ['data.count=1', 'solvers.0.ldps.steps=[5, 6]', 'report.baseline=ldps']);
    expect(solverParams(plan).map((p) => p.steps)).toEqual([5, 6]);
    expect(plan.batches[0]!.items).toHaveLength(1);
    expect(plan.report.baseline).toBe('ldps');
  });

  it('a report compares with a row by its label', async () => {
    const labelled = `${GOOD.replace(/(- ldps.*)/, '$1\n    label: ours')}report: { baseline: ours }\n`;
    expect((await planOf(labelled)).report.baseline).toBe('ours');
  });

  it('--set reaches entries by name, whatever they hold, and all that have a parameter', async () => {
    const text = withSolvers(
      '  - ldps\n  - p2l: [{ promptSteps: 0 }, { promptSteps: 3 }]\n  - ldps: { steps: 9 }\n',
    );
    const steps = async (...set: string[]) => solverParams(await planOf(text, set)).map((p) => p.steps);
    expect(await steps('solvers.ldps.steps=7')).toEqual([7, 1000, 1000]);
    expect(await steps('solvers.p2l.steps=7')).toEqual([1000, 7, 7, 9]);
    expect(await steps('solvers.*.steps=7')).toEqual([7, 7, 7]);
    const { report } = await planOf(text, ['solvers.p2l.label=hi']);
    expect(Object.values(report.labels ?? {})).toContain('hi');
    const prompts = solverParams(await planOf(text, ['solvers.*.promptSteps=2', 'solvers.ldps.steps=3']));
    expect(prompts.map((p) => [p.steps, p.promptSteps])).toEqual([
      [3, undefined],
      [1000, 2],
    ]);
    const one = await planOf(GOOD.replace('solvers:\n  - ldps: { steps: 50 }', 'solvers: ldps'), [
      'solvers.ldps.steps=4',
      'tasks.super-resolution.factor=2',
    ]);
    expect(solverParams(one).map((p) => p.steps)).toEqual([4]);
    expect(one.batches[0]!.setting.params.factor).toBe(2);
  });

  it('a key without a value takes an inherited one away', async () => {
    const folder = folderWith({
      'base.yaml': `${GOOD}report: { baseline: ldps }\nseeds: [4]\n`,
      'e.yaml': 'extends: base.yaml\nseeds:\ndata: { count: null }\n',
    });
    const plan = (...set: string[]) => loadPlan(join(folder, 'e.yaml'), fakes, set);
    const inherited = await plan();
    expect(inherited.report.baseline).toBe('ldps');
    expect(seedsOf(inherited.batches.flatMap(({ items }) => items))).toEqual([0]);
    expect(inherited.batches.flatMap(({ items }) => items)).toHaveLength(2 * 6);
    expect((await plan('report=null')).report.baseline).toBe(null);
    expect((await plan('report.baseline=null')).report.baseline).toBe(null);
  });

  it('follows aliases', async () => {
    const plan = await planOf(withSolvers('  - ldps: { steps: &n 12 }\n  - p2l: { steps: *n }\n'));
    expect(solverParams(plan).map((p) => p.steps)).toEqual([12, 12]);
  });
});
