import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { loadPlan } from '../../harness/plan/load.ts';
import { loadTuning } from '../../harness/tuning/load.ts';
import { fakes, folderWith, GOOD } from '../config/fakes.ts';

const load = (file: string) => loadTuning(file, fakes, [], () => null);
/** What is told of a section, after the file's name. */
const told = async (tune: string, text = GOOD): Promise<string> => {
  const file = join(folderWith({ 'e.yaml': `${text}tune:\n${tune}\n` }), 'e.yaml');
  const error = await load(file).then(
    () => new Error('no mistake'),
    (thrown: Error) => thrown,
  );
  expect(error.name).toBe('UserError');
  return error.message.replaceAll(file, 'e.yaml');
};
const lines = (text: string) => text.split('\n');
const searching = (search: string) => told(`  budget: 100\n  search: ${search}`);

it.each([
  ['{ ddps: { zeta: [1] } }', '10:13: unknown solver among this experiment\'s "ddps"'],
  [
    '{ p2l: { latentStep: [1] } }',
    '10:13: unknown solver among this experiment\'s "p2l": expected one of ldps',
  ],
  [
    '{ ldps: { latentstep: [1] } }',
    '10:21: unknown parameter of ldps "latentstep": did you mean "latentStep"?',
  ],
  ['{ ldps: { latentStep: [1, -2] } }', '10:37: ldps.latentStep: expected more than 0, found -2'],
  ['{ ldps: { latentStep: [1, big] } }', '10:37: ldps.latentStep: expected a number, found "big"'],
  [
    '{ ldps: { latentStep: [] } }',
    '10:33: tune.search.ldps.latentStep: expected candidates, found an empty list',
  ],
  ['{ ldps: { latentStep: } }', '10:33: tune.search.ldps.latentStep: expected candidates, found nothing'],
  ['{ ldps: { latentStep: { from: 3, to: 3 } } }', 'expected from below to, found from 3 to 3'],
  [
    '{ ldps: { latentStep: { from: 0, to: 3, scale: log } } }',
    'from: expected more than 0 for scale: log, found 0',
  ],
  ['{ ldps: { latentStep: { from: 0, to: 3 } } }', '10:33: ldps.latentStep: expected more than 0, found 0'],
  ['{ ldps: { latentStep: { from: 1, until: 3 } } }', 'unknown key "until" of tune.search.ldps.latentStep'],
  ['{ ldps: { latentStep: { from: 1, to: 2, scale: lag } } }', 'unknown value "lag", did you mean "log"?'],
  ['{ ldps: { steps: { from: 1.5, to: 9 } } }', 'ldps.steps: expected a whole number, found 1.5'],
  ['{ ldps: {} }', 'tune.search.ldps: expected parameter: candidates, found an empty mapping'],
  ['{}', 'tune.search: expected solver: { parameter: candidates }, found an empty mapping'],
])('search: %s', async (search, message) => {
  const text = await searching(search);
  expect(text).toMatch(/^e\.yaml:10:\d+: /);
  expect(text).toContain(message);
});

it.each([
  ['  budget: 100', '9:3: missing key "search" of tune: expected a mapping'],
  ['  search: { ldps: { latentStep: [1] } }', '9:3: missing key "budget" of tune: expected a whole number'],
  ['  budget: 0\n  search: { ldps: { latentStep: [1] } }', '9:11: tune.budget: expected at least 1, found 0'],
  [
    '  bugdet: 9\n  search: { ldps: { latentStep: [1] } }',
    '9:3: unknown key "bugdet" of tune: did you mean "budget"?',
  ],
  [
    '  split: test\n  budget: 9\n  search: { ldps: { latentStep: [1] } }',
    '9:10: tune.split: nothing is tuned on the test split, which methods are compared on; expected validation or train',
  ],
  [
    '  count: 7\n  budget: 9\n  search: { ldps: { latentStep: [1] } }',
    '9:10: tune.count: asked for 7 pictures, there are 6 to tune on',
  ],
  [
    '  metric: psnrr\n  budget: 9\n  search: { ldps: { latentStep: [1] } }',
    '9:11: unknown metric "psnrr": did you mean "psnr"?',
  ],
])('%s', async (tune, message) => {
  expect(await told(tune)).toBe(`e.yaml:${message}`);
});

it('all of them at once, with those of the experiment', async () => {
  const tune = `  split: tset
  budget: 0
  metric: psnrr
  search:
    ldps: { latentStep: [1, -2, big], stepz: [1], steps: { from: 9, to: 3 } }
    ddps: { zeta: [1] }`;
  const own = [
    'e.yaml:9:10: tune.split: unknown value "tset", did you mean "test"?',
    'e.yaml:10:11: tune.budget: expected at least 1, found 0',
    'e.yaml:11:11: unknown metric "psnrr": did you mean "psnr"?',
    'e.yaml:13:29: ldps.latentStep: expected more than 0, found -2',
    'e.yaml:13:33: ldps.latentStep: expected a number, found "big"',
    'e.yaml:13:39: unknown parameter of ldps "stepz": did you mean "steps"?',
    'e.yaml:13:66: tune.search.ldps.steps: expected from below to, found from 9 to 3',
  ];
  expect(lines(await told(tune))).toEqual([
    ...own,
    'e.yaml:14:5: unknown solver among this experiment\'s "ddps": did you mean "ldps"?',
  ]);
  const withMistyped = lines(await told(tune, GOOD.replace('embedded', 'embeded')));
  expect(withMistyped[0]).toBe('e.yaml:2:8: unknown prior "embeded": did you mean "embedded"?');
  expect(withMistyped.slice(1, -1)).toEqual(own);
  expect(withMistyped.at(-1)).toMatch(/^e\.yaml:14:5: unknown solver "ddps": /);
});

it('an experiment without the section', async () => {
  const file = join(folderWith({ 'e.yaml': GOOD }), 'e.yaml');
  await expect(load(file)).rejects.toThrow(`${file}:1:1: missing key "tune": expected what to search`);
});

it('several points of a searched solver on one task: an override holds for all of them', async () => {
  const grid = GOOD.replace('steps: 50', 'steps: [50, 60]');
  expect(await told('  budget: 9\n  search: { ldps: { latentStep: [1] } }', grid)).toBe(
    'e.yaml:10:13: tune.search: super-resolution runs several points of ldps; expected one, since an override holds for all of them',
  );
});

it('no other command minds what stands in the section', async () => {
  const file = join(folderWith({ 'e.yaml': `${GOOD}tune: { split: test, what: ever }\n` }), 'e.yaml');
  const without = join(folderWith({ 'e.yaml': GOOD }), 'e.yaml');
  expect((await loadPlan(file, fakes)).batches).toEqual((await loadPlan(without, fakes)).batches);
});

it('a folder is tuned on another folder, none of whose pictures is scored', async () => {
  const picture = (background: string) =>
    sharp({ create: { width: 8, height: 8, channels: 3, background } })
      .png()
      .toBuffer();
  const write = async (file: string, colour: string) => sharp(await picture(colour)).toFile(file);
  const [scored, others] = [folderWith({}), folderWith({})];
  await write(join(scored, 'a.png'), 'red');
  await write(join(others, 'b.png'), 'blue');
  const text = GOOD.replace('{ set: toyfaces, count: 3 }', `{ folder: ${scored} }`);
  const tune = '  budget: 9\n  count: 1\n  search: { ldps: { latentStep: [1] } }';
  expect(await told(tune, text)).toBe(
    "e.yaml:9:3: tune: the experiment's pictures are a folder, which has no split validation; expected folder: DIR, with other pictures",
  );
  const file = join(folderWith({ 'e.yaml': `${text}tune:\n${tune}\n  folder: ${others}\n` }), 'e.yaml');
  expect((await load(file)).plan.batches[0]!.items.map(({ id }) => id)).toEqual(['b.png']);
  await write(join(others, 'b.png'), 'red');
  await expect(load(file)).rejects.toThrow(
    `${file}:12:11: tune.folder: b.png is among the pictures that the experiment scores; expected others`,
  );
});
