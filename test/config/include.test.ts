/** Lists of entries that stand in files of their own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { fakes, folderWith, GOOD } from './fakes.ts';

const including = (solvers: string) => GOOD.replace('  - ldps: { steps: 50 }\n', solvers);

/** Every method with its number of steps; where a mistake is made, its message. */
async function methods(files: Readonly<Record<string, string>>, assignments: readonly string[] = []) {
  const folder = folderWith({});
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  try {
    const { batches } = await loadPlan(join(folder, 'e.yaml'), fakes, assignments);
    return batches
      .filter(({ method }) => method.kind === 'solver')
      .map(({ method: { name, params } }) => `${name} ${params.steps}`);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message.replaceAll(`${folder}/`, '');
  }
}

describe('an entry that includes a file', () => {
  it('stands for the entries of its list, at its place', async () => {
    const files = {
      'e.yaml': including('  - p2l: { steps: 1 }\n  - include: few.yaml\n  - p2l: { steps: 4 }\n'),
      'few.yaml': '- ldps: { steps: [2, 3] }\n',
    };
    expect(await methods(files)).toEqual(['p2l 1', 'ldps 2', 'ldps 3', 'p2l 4']);
  });

  it('may stand alone under solvers or tasks, and in an included file, whose names are relative to itself', async () => {
    const files = {
      'e.yaml': GOOD.replace(
        'solvers:\n  - ldps: { steps: 50 }\n',
        'solvers: { include: parts/few.yaml }\n',
      ).replace('tasks:\n  - super-resolution: { factor: 8 }\n', 'tasks: { include: tasks.yaml }\n'),
      'tasks.yaml': '[gaussian-deblurring]\n',
      'parts/few.yaml': '- include: more.yaml\n- p2l: { steps: 4 }\n',
      'parts/more.yaml': '- ldps: { steps: 3 }\n',
    };
    expect(await methods(files)).toEqual(['ldps 3', 'p2l 4']);
  });

  it('is taken in before --set, which may include too', async () => {
    const files = { 'e.yaml': including('  - include: few.yaml\n'), 'few.yaml': '- ldps\n- p2l\n' };
    expect(await methods(files, ['solvers.*.steps=7', 'solvers.1.p2l.steps=8'])).toEqual(['ldps 7', 'p2l 8']);
    const folder = folderWith({ 'few.yaml': '- ldps: { steps: 9 }\n' });
    expect(await methods({ 'e.yaml': GOOD }, [`solvers=[{ include: ${join(folder, 'few.yaml')} }]`])).toEqual(
      ['ldps 9'],
    );
  });

  it('may stand in a file that is extended, and in an entry that is an alias', async () => {
    const files = {
      'e.yaml': 'extends: base.yaml\nname: mine\n',
      'base.yaml': including('  - &few { include: few.yaml }\n  - *few\n'),
      'few.yaml': '- ldps: { steps: 3 }\n',
    };
    expect(await methods(files)).toEqual(['ldps 3']);
  });
});

it.each([
  ['- ldps: { stepz: 3 }\n', 'few.yaml:1:11: unknown key "stepz" of ldps: did you mean "steps"?'],
  ['solvers: [ldps]\n', 'few.yaml:1:1: expected a list of entries to include, found a mapping'],
  ['- include: e.yaml\n', 'e.yaml:1:1: expected a list of entries to include, found a mapping'],
  ['- include: few.yaml\n', 'few.yaml:1:12: include: "few.yaml" includes this file again'],
  ['- include: fewe.yaml\n', 'few.yaml:1:12: fewe.yaml: no such file; did you mean "few.yaml"?'],
  ['- include: 3\n', 'few.yaml:1:12: include: expected the name of a YAML file, found 3'],
  ['- include: few.yaml\n  prior: sd\n', 'few.yaml:2:3: "prior" stands beside include: it stands alone'],
  [
    '- [\n',
    'few.yaml:2:1: broken YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
])('an included file is named in what is wrong with it: %j', async (text, message) => {
  expect(await methods({ 'e.yaml': including('  - include: few.yaml\n'), 'few.yaml': text })).toBe(message);
});

it('a circle over two files is refused', async () => {
  const files = {
    'e.yaml': including('  - include: a.yaml\n'),
    'a.yaml': '- include: b.yaml\n',
    'b.yaml': '- include: a.yaml\n',
  };
  expect(await methods(files)).toBe('b.yaml:1:12: include: "a.yaml" includes this file again');
});

it('files that include one another without an end of their entries are counted', async () => {
  const twice = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [
      `${i}.yaml`,
      `[{ include: ${i + 1}.yaml }, { include: ${i + 1}.yaml }]`,
    ]),
  );
  expect(
    await methods({ 'e.yaml': including('  - include: 0.yaml\n'), ...twice, '8.yaml': '[ldps]' }),
  ).toMatch(/too large: more than 100 files that extend or include one another$/);
});
