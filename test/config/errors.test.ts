import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { fakes, folderWith, GOOD } from './fakes.ts';

/** The message for an experiment file with this text, its folder cut off. */
async function complaint(text: string, assignments: readonly string[] = []): Promise<string> {
  const folder = folderWith({ 'e.yaml': text });
  return messageOf(loadPlan(join(folder, 'e.yaml'), fakes, assignments), folder);
}

async function messageOf(plan: Promise<unknown>, folder: string): Promise<string> {
  const error = await plan.then(
    () => expect.fail('the mistake was accepted'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message.replaceAll(`${folder}/`, '');
}

const change = (from: string, to: string) => {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, to);
};

describe('a mistake in an experiment file gives one line with file, line and column', () => {
  it.each([
    ['wrong key', 'data:', 'date:', 'e.yaml:3:1: unknown key "date": did you mean "data"?'],
    [
      'wrong key inside data',
      'count',
      'cuont',
      'e.yaml:3:24: unknown key "cuont" of data: did you mean "count"?',
    ],
    [
      'wrong parameter',
      'steps:',
      'stepz:',
      'e.yaml:7:13: unknown key "stepz" of ldps: did you mean "steps"?',
    ],
    [
      'far-off parameter',
      'steps:',
      'temperature:',
      'e.yaml:7:13: unknown key "temperature" of ldps: expected one of steps, latentStep',
    ],
    [
      'wrong type',
      'count: 3',
      'count: many',
      'e.yaml:3:31: data.count: expected a whole number, found "many"',
    ],
    [
      'wrong parameter type',
      '50',
      'fifty',
      'e.yaml:7:20: ldps.steps: expected a whole number, found "fifty"',
    ],
    [
      'fraction for a whole number',
      '50',
      '1.5',
      'e.yaml:7:20: ldps.steps: expected a whole number, found 1.5',
    ],
    ['out of range', '50', '0', 'e.yaml:7:20: ldps.steps: expected at least 1, found 0'],
    [
      'mapping for a number',
      '50',
      '{ a: 1 }',
      'e.yaml:7:20: ldps.steps: expected a whole number, found a mapping',
    ],
    [
      'one wrong value of a sweep',
      '50',
      '[10, ten]',
      'e.yaml:7:25: ldps.steps: expected a whole number, found "ten"',
    ],
    ['empty sweep', '50', '[]', 'e.yaml:7:20: ldps.steps: expected a whole number, found an empty list'],
    ['unknown solver', '- ldps', '- lpds', 'e.yaml:7:5: unknown solver "lpds": did you mean "ldps"?'],
    [
      'unknown task',
      'super-resolution',
      'super-resolutoin',
      'e.yaml:5:5: unknown task "super-resolutoin": did you mean "super-resolution"?',
    ],
    ['unknown prior', 'embedded', 'embeded', 'e.yaml:2:8: unknown prior "embeded": did you mean "embedded"?'],
    [
      'unknown data set',
      'toyfaces',
      'faces',
      'e.yaml:3:14: unknown data set "faces": expected one of toyfaces',
    ],
    ['missing key', 'prior: embedded\n', '', 'e.yaml:1:1: missing key "prior": expected a value'],
    [
      'missing folder',
      'set: toyfaces, count: 3',
      'folder: photos',
      'e.yaml:3:17: cannot read the picture folder photos: there is no such folder',
    ],
    [
      'missing weights',
      'prior: embedded',
      'prior: { embedded: { ema: false } }',
      'e.yaml:2:8: weights/plain.safetensors: no such file',
    ],
    [
      'parameter that does not fit the images',
      'factor: 8',
      'factor: [4, 3]',
      'e.yaml:5:37: super-resolution.factor: expected a divisor for 8x8 images, found 3',
    ],
    ['set and folder', 'count: 3', 'folder: .', 'e.yaml:3:7: data: expected either set or folder'],
    [
      'too many pictures',
      'count: 3',
      'count: 9',
      'e.yaml:3:31: data.count: asked for 9 pictures, test of toyfaces has 6',
    ],
    [
      'two solvers in one entry',
      '50 }',
      '50 }\n    p2l:',
      'e.yaml:8:5: "p2l" stands beside "ldps": start each solver with its own "-"',
    ],
    [
      'mistyped key beside a solver',
      '50 }',
      '50 }\n    drawss: 3',
      'e.yaml:8:5: "drawss" stands beside "ldps": did you mean "draws"?',
    ],
    [
      'key among the parameters that stands beside the name',
      'steps: 50 }',
      'steps: 50, draws: 3 }',
      "e.yaml:7:24: draws stands beside a solver's name, not among its parameters",
    ],
    [
      'split of another name',
      'count: 3',
      'split: tset',
      'e.yaml:3:31: data.split: unknown value "tset", did you mean "test"?',
    ],
    ['key twice', 'prior: embedded', 'name: again', 'e.yaml:2:1: key "name" stands here and in line 1'],
    [
      'list of nothing',
      'data:',
      'metrics: []\ndata:',
      'e.yaml:3:10: metrics: expected at least 1 entry, found an empty list',
    ],
  ])('%s', async (_, from, to, message) => {
    expect(await complaint(change(from, to))).toBe(message);
  });

  it.each([
    ['unknown metric', 'metrics: [psnr, sim]', 'e.yaml:8:17: unknown metric "sim": did you mean "ssim"?'],
    [
      "metric that refuses the prior's pictures",
      'metrics: [psnr, picky]',
      "e.yaml:8:17: metric picky of the prior's pictures: 8x8 is too small for its taste; expected sides of 9 pixels and more",
    ],
    [
      'metric of captions without captions',
      'metrics: agreement',
      'e.yaml:8:10: metric agreement compares pictures with their captions; the data set toyfaces has none',
    ],
    [
      'unknown baseline',
      'report: { baseline: p2l }',
      'e.yaml:8:21: unknown report.baseline among this experiment\'s solvers and labels "p2l": expected one of ldps',
    ],
    [
      'chart over no parameter',
      'report: { charts: [{ x: ldps.step, y: [psnr] }] }',
      'e.yaml:8:25: unknown parameter of ldps "step": did you mean "steps"?',
    ],
    [
      'chart of a metric that is not computed',
      'metrics: psnr\nreport: { charts: [{ x: ldps.steps, y: [psnr, ssim] }] }',
      'e.yaml:9:47: unknown metric among this experiment\'s "ssim": expected one of psnr',
    ],
    [
      'chart of an unknown kind',
      'report: { charts: [{ kind: paretto, x: seconds, y: [psnr] }] }',
      'e.yaml:8:28: report.charts.0.kind: unknown value "paretto", did you mean "pareto"?',
    ],
    [
      'chart with a key of another kind',
      'report: { charts: [{ kind: pareto, x: seconds, y: [psnr], difference: 0 }] }',
      'e.yaml:8:71: a chart of kind pareto has no key "difference": expected one of x, y, xAxis, yAxis',
    ],
    [
      'chart without what its kind needs',
      'report: { charts: [{ kind: scatter, y: [psnr] }] }',
      'e.yaml:8:20: missing key "methods" of a chart of kind scatter',
    ],
    [
      'scatter of a row against itself',
      'report: { charts: [{ kind: scatter, methods: [ldps, ldps], y: [psnr] }] }',
      'e.yaml:8:53: methods: expected two rows, found "ldps" twice',
    ],
    [
      'chart of settings of a solver that has one',
      'report: { charts: [{ kind: parallel, solver: ldps, y: [psnr] }] }',
      'e.yaml:8:46: solver: ldps has one setting here; expected a solver with several, as of a list of values',
    ],
    [
      'chart against an unknown cost',
      'report: { charts: [{ kind: pareto, x: second, y: [psnr] }] }',
      'e.yaml:8:39: unknown cost "second": did you mean "seconds"?',
    ],
    [
      'chart of a difference to no point of the sweep',
      'report: { charts: [{ x: ldps.steps, y: [psnr], difference: 7 }] }',
      'e.yaml:8:60: unknown value of ldps.steps "7": did you mean "50"?',
    ],
    [
      'chart of a difference to a baseline that is not named',
      'report: { charts: [{ x: ldps.steps, y: [psnr], difference: baseline }] }',
      'e.yaml:8:60: difference: baseline needs report.baseline: the solver to compare with',
    ],
    [
      'axis that ends before it begins',
      'report: { charts: [{ x: ldps.steps, y: [psnr], yAxis: { min: 3, max: 2 } }] }',
      'e.yaml:8:62: min: expected less than max (2), found 3',
    ],
    [
      'logarithmic axis from zero',
      'report: { charts: [{ x: ldps.steps, y: [psnr], yAxis: { min: 0, log: true } }] }',
      'e.yaml:8:62: min: expected more than 0 on a logarithmic axis, found 0',
    ],
    ['unknown device', 'devices: [cpu:2, cdua:0]', 'e.yaml:8:18: unknown device "cdua": did you mean "cpu"?'],
    ['alias of nothing', 'metrics: *m', 'e.yaml:8:10: alias *m: there is no anchor &m before it'],
    ['second document', '---', 'e.yaml:8:1: broken YAML: Source contains multiple documents'],
    ['alias to itself', 'metrics: &m [*m]', 'e.yaml:8:14: alias *m refers to itself'],
  ])('%s', async (_, line, message) => {
    expect(await complaint(`${GOOD}${line}\n`)).toBe(message);
  });

  it('broken YAML', async () => {
    expect(await complaint('name: trial\nprior: [embedded\n')).toMatch(/^e\.yaml:3:1: broken YAML: .+$/);
  });

  it('an empty file', async () => {
    expect(await complaint('')).toBe('e.yaml:1:1: expected an experiment, found nothing');
  });

  it('a missing experiment file', async () => {
    const folder = folderWith({});
    expect(await messageOf(loadPlan(join(folder, 'none.yaml'), fakes), folder)).toBe(
      'none.yaml: no such file',
    );
  });

  it('a mistyped file name: the nearest file of its folder', async () => {
    const folder = folderWith({ 'demo.yaml': GOOD, 'other.yaml': GOOD });
    expect(await messageOf(loadPlan(join(folder, 'dmeo.yaml'), fakes), folder)).toBe(
      'dmeo.yaml: no such file; did you mean "demo.yaml"?',
    );
  });

  it('a missing file in extends', async () => {
    expect(await complaint(`extends: base.yaml\n${GOOD}`)).toBe('e.yaml:1:10: base.yaml: no such file');
  });

  it('a mistake in the extended file is placed there', async () => {
    const folder = folderWith({ 'e.yaml': 'extends: base.yaml\n', 'base.yaml': change('ldps', 'lpds') });
    expect(await messageOf(loadPlan(join(folder, 'e.yaml'), fakes), folder)).toBe(
      'base.yaml:7:5: unknown solver "lpds": did you mean "ldps"?',
    );
  });

  it('extends in a circle', async () => {
    const folder = folderWith({ 'e.yaml': 'extends: base.yaml\n', 'base.yaml': 'extends: e.yaml\n' });
    expect(await messageOf(loadPlan(join(folder, 'e.yaml'), fakes), folder)).toBe(
      'base.yaml:1:10: extends: "e.yaml" extends this file again',
    );
  });

  it('a wrong override of a task', async () => {
    const text = change('{ factor: 8 }', '{ factor: 8 }\n    override: { ldps: { latentStep: big } }');
    expect(await complaint(text)).toBe('e.yaml:6:37: ldps.latentStep: expected a number, found "big"');
  });

  it('an override of a solver that never runs on the task', async () => {
    const text = change('{ factor: 8 }', '{ factor: 8 }\n    override: { nearest-mean: {} }');
    const folder = folderWith({ 'e.yaml': text });
    const segmenter = { ...fakes.solvers.get('ldps')!, name: 'nearest-mean', solves: 'segment' as const };
    const known = { ...fakes, solvers: new Map([...fakes.solvers, ['nearest-mean', segmenter]]) };
    expect(await messageOf(loadPlan(join(folder, 'e.yaml'), known), folder)).toBe(
      'e.yaml:6:17: override: nearest-mean is a method to segment and never runs on super-resolution (restore)',
    );
  });

  it('a key that is no text', async () => {
    expect(await complaint(`${GOOD}report: { true: 1 }\n`)).toBe(
      'e.yaml:8:11: a key must be text, found true; write "true"',
    );
  });

  it('every mistake, in the order of the file, each once', async () => {
    const text = `name: trial
prior: embeded
data: { set: toyfaces, cuont: 3, split: tset }
tasks:
  - super-resolution: { factor: 1 }
    override: { ldps: { latentStep: big }, lpds: {} }
  - gaussian-debluring
  - gaussian-deblurring
solvers:
  - ldps: { steps: [1.5, 2, ten], latentSteps: 1 }
  - { p2l: { mode: atom }, prior: elsewhere }
metrics: [psnr, sim]
devices: cdua
`;
    expect((await complaint(text)).split('\n')).toEqual([
      'e.yaml:2:8: unknown prior "embeded": did you mean "embedded"?',
      'e.yaml:3:24: unknown key "cuont" of data: did you mean "count"?',
      'e.yaml:3:41: data.split: unknown value "tset", did you mean "test"?',
      'e.yaml:5:33: super-resolution.factor: expected at least 2, found 1',
      'e.yaml:6:37: ldps.latentStep: expected a number, found "big"',
      'e.yaml:6:44: unknown solver "lpds": did you mean "ldps"?',
      'e.yaml:7:5: unknown task "gaussian-debluring": did you mean "gaussian-deblurring"?',
      'e.yaml:10:21: ldps.steps: expected a whole number, found 1.5',
      'e.yaml:10:29: ldps.steps: expected a whole number, found "ten"',
      'e.yaml:10:35: unknown key "latentSteps" of ldps: did you mean "latentStep"?',
      'e.yaml:11:20: p2l.mode: unknown value "atom", did you mean "adam"?',
      'e.yaml:12:17: unknown metric "sim": did you mean "ssim"?',
      'e.yaml:13:10: unknown device "cdua": did you mean "cpu"?',
    ]);
  });

  it.each([
    ['{ set: toyface, cuont: 3 }', ['3:14: unknown data set "toyface"', '3:23: unknown key "cuont" of data']],
    [
      '{ set: toyface, manifest: m.json, count: 1, items: [a] }',
      [
        '3:14: unknown data set "toyface"',
        '3:33: data: a manifest belongs to a folder',
        '3:58: data: expected count or items',
      ],
    ],
    ['{ set: toyfaces, count: 99 }', ['3:31: data.count: asked for 99 pictures, test of toyfaces has']],
    [
      '{ set: toyfaces, items: [a, b] }',
      ['3:31: data.items: unknown picture "a"', '3:31: data.items: unknown picture "b"'],
    ],
    ['{ folder: nowhere, split: train }', ['3:33: data: a folder has only the split test']],
  ])('all of the section data, beside those of others: %s', async (data, expected) => {
    const text = change('{ set: toyfaces, count: 3 }', data).replace('ldps', 'lpds');
    const told = (await complaint(text)).split('\n');
    expect(told).toHaveLength(expected.length + 1);
    expected.forEach((begin, i) => {
      expect(told[i]).toContain(`e.yaml:${begin}`);
    });
    expect(told.at(-1)).toBe('e.yaml:7:5: unknown solver "lpds": did you mean "ldps"?');
  });

  it('a wrong --set', async () => {
    expect(await complaint(GOOD, ['data.count=some'])).toBe(
      '--set:1:1: data.count: expected a whole number, found "some"',
    );
    expect(await complaint(GOOD, ['data.coutn=3'])).toBe(
      '--set:1:1: unknown key "coutn" of data: did you mean "count"?',
    );
    expect(await complaint(GOOD, ['solvers.3=p2l'])).toBe(
      '--set:1:1: "3" is not an entry of this list: expected 0 to 0',
    );
    expect(await complaint(GOOD, ['data.count='])).toBe(
      '--set:1:1: expected a value after "=", found nothing; null takes the key away',
    );
    expect(await complaint(GOOD, ['data={set:{'])).toMatch(
      /^--set:1:\d+: broken YAML: .*; YAML has a space after ":", as in \{ key: value \}$/,
    );
    expect(await complaint(GOOD, ['solvers.ldps.label="two\\nlines"'])).toBe(
      '--set:1:1: label: expected text in one line, found "two\\nlines"',
    );
    expect(await complaint(GOOD, ['solvers.ldps.draws=0'])).toBe(
      '--set:1:1: draws: expected at least 1, found 0',
    );
    expect(await complaint(GOOD, ['count'])).toBe('--set count: expected key=value');
    expect(await complaint(GOOD, ['solvers.ldps.steps=ten'])).toBe(
      '--set:1:1: ldps.steps: expected a whole number, found "ten"',
    );
    expect(await complaint(GOOD, ['solvers.lpds.steps=3'])).toBe(
      '--set:1:1: no entry of solvers is "lpds": did you mean "ldps"?',
    );
    expect(await complaint(GOOD, ['solvers.*.stepz=3'])).toBe(
      '--set:1:1: no entry of solvers has "stepz": did you mean "steps"?',
    );
    expect(await complaint(GOOD, ['solvers.*=3'])).toBe(
      '--set:1:1: solvers.*: expected a parameter, as in solvers.*.steps=50',
    );
  });
});
