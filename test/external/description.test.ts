import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import type { Plan } from '../../harness/plan/plan.ts';
import { loadPlugin } from '../../harness/plan/plugins.ts';
import { fakes, folderWith } from '../config/fakes.ts';

const FILE = `external:
  name: mine
  title: Mine
  paper: Nobody et al., 2026
  command: [python3, mine.py]
  passes: steps
  params:
    rate: { type: number, default: 0.5, minimum: 0, description: step size }
    mode: { type: string, enum: [fast, exact], default: fast }
    steps: { type: steps, default: 20 }
`;

const experiment = (solver: string, more = '') => `name: one
prior: embedded
data: { set: toyfaces, count: 1 }
tasks: [super-resolution]
solvers:
  - ${solver}
${more}`;

/** A folder with a program, its description and an experiment. */
function place(solver: string, more = '', file = FILE): string {
  const text = experiment(solver, more);
  return folderWith({ 'e.yaml': text, 'mine.yaml': file, 'mine.py': 'print(1)', 'weights.bin': 'w' });
}

const planned = (folder: string, assignments: readonly string[] = []): Promise<Plan> =>
  loadPlan(join(folder, 'e.yaml'), { ...registries, datasets: fakes.datasets }, assignments);

const refusal = async (folder: string): Promise<string> => {
  const error: Error = await planned(folder).then(
    () => expect.fail('it was accepted'),
    (reason) => reason,
  );
  return `${error.name} ${error.message.replaceAll(`${folder}/`, '').replaceAll(folder, 'HERE')}`;
};

const methods = ({ batches }: Plan) =>
  batches.flatMap(({ method, passes }) => (method.kind === 'solver' ? [{ method, passes }] : []));

describe('a program that a file describes', () => {
  it('is a method like any other: title, parameters with defaults, a grid of them, passes', async () => {
    const plan = await planned(place('mine: { rate: [0.1, 1] }', 'plugins: mine.yaml'));
    expect(methods(plan)).toMatchObject([
      { method: { name: 'mine', title: 'Mine', params: { rate: 0.1, mode: 'fast', steps: 20 } }, passes: 20 },
      { method: { params: { rate: 1, mode: 'fast', steps: 20 } } },
    ]);
  });

  it('stands in the plan as plain JSON that a worker makes the same method of', async () => {
    const folder = place('mine', 'plugins: [mine.yaml]');
    const plan = await planned(folder);
    const [ref] = JSON.parse(JSON.stringify(plan.plugins)) as Plan['plugins'];
    const plugin = await loadPlugin(ref!);
    expect(plugin.path).toBe(join(folder, 'mine.yaml'));
    expect(plugin.solvers[0]!.paper).toBe('Nobody et al., 2026');
    expect(plugin.sha256).toBe(methods(plan)[0]!.method.sourceSha256);
  });

  it('runs on the tasks of the kind that it solves, with the key that it has by default', async () => {
    const edit = FILE.replace('title: Mine', 'title: Mine\n  solves: edit');
    const tasks = (file: string) => {
      const folder = place('mine', 'plugins: [mine.yaml]', file);
      writeFileSync(
        join(folder, 'e.yaml'),
        experiment('mine', 'plugins: [mine.yaml]').replace(
          '[super-resolution]',
          '[super-resolution, inversion]',
        ),
      );
      return planned(folder);
    };
    const solved = (plan: Plan) =>
      plan.batches.flatMap(({ method, setting }) => (method.kind === 'solver' ? [setting.kind] : []));
    const invert = await tasks(edit.replace('edit', 'invert'));
    expect(solved(invert)).toEqual(['invert']);
    const restore = await tasks(FILE);
    expect(solved(restore)).toEqual(['restore']);
    expect(methods(invert)[0]!.method.key).toBe(methods(restore)[0]!.method.key);
    await expect(tasks(edit)).rejects.toThrow('mine is a method to edit; expected a task of that kind');
  });

  it.each([
    [
      'a text instead of a list',
      'node val.mjs',
      '4:12: command: expected a list, [node, val.mjs]; found the one word "node val.mjs"',
    ],
    [
      'a program that is not on the PATH',
      '[pyhton3, mine.py]',
      '4:13: command: there is no program "pyhton3" on the PATH',
    ],
    ['a program that is no file', '[./mine, mine.py]', '4:13: command: there is no program "./mine" in HERE'],
    ['a script that is no file', '[node, -e, mien.py]', '4:23: command: no file mien.py in HERE'],
  ])('refuses %s where the command stands', async (_, command, told) => {
    const file = `external:\n  name: mine\n  params: { steps: { type: steps, default: 20 } }\n  command: ${command}\n`;
    expect(await refusal(place('mine', 'plugins: [mine.yaml]', file))).toBe(`UserError mine.yaml:${told}`);
  });

  it.each([
    [
      'an unknown parameter',
      'mine: { rat: 1 }',
      'e.yaml:6:13: unknown key "rat" of mine: did you mean "rate"?',
    ],
    ['a value out of bounds', 'mine: { rate: -1 }', 'e.yaml:6:19: mine.rate: expected at least 0, found -1'],
    [
      'a value of an enum',
      'mine: { mode: fats }',
      'e.yaml:6:19: mine.mode: unknown value "fats", did you mean "fast"?',
    ],
    ['more steps than the schedule has', 'mine: { steps: 1001 }', 'e.yaml:6:20: mine.steps: found 1001;'],
  ])('has its parameters checked: %s', async (_, solver, told) => {
    expect(await refusal(place(solver, 'plugins: mine.yaml'))).toContain(`UserError ${told}`);
  });
});

describe('a program that an experiment describes where it lists its solvers', () => {
  it('is a method like any other; values of parameters, also several, stand there', async () => {
    const folder = place(
      'external: { name: mine, command: [./mine.py], params: { rate: [0.1, 1], mode: fast } }',
    );
    expect(methods(await planned(folder)).map(({ method }) => method.params)).toEqual([
      { rate: 0.1, mode: 'fast' },
      { rate: 1, mode: 'fast' },
    ]);
    const set = await planned(folder, ['solvers.0.external.params.rate=2']);
    expect(methods(set).map(({ method }) => method.params.rate)).toEqual([2]);
  });

  it("takes a task's overrides and a prior by its name", async () => {
    const solver = 'external: { name: mine, command: [./mine.py], params: { rate: 1 } }\n    prior: a';
    const folder = place(solver);
    const text = experiment(solver)
      .replace('prior: embedded', 'priors: { a: embedded, b: embedded-pixel }')
      .replace('[super-resolution]', '[{ super-resolution: {}, override: { mine: { rate: 3 } } }]');
    writeFileSync(join(folder, 'e.yaml'), text);
    expect(methods(await planned(folder))).toMatchObject([
      { method: { params: { rate: 3 }, prior: { name: 'embedded' } } },
    ]);
  });
});

describe('its key', () => {
  const described = 'external: { name: mine, command: [python3, mine.py], files: [weights.bin], paper: A }';
  const keyOf = async (change: (folder: string) => void) => {
    const folder = place(described);
    change(folder);
    return methods(await planned(folder))[0]!.method.key;
  };

  it('holds the declared files and those that the command names, whatever folder they lie in', async () => {
    const key = await keyOf(() => {});
    expect(await keyOf(() => {})).toBe(key);
    expect(await keyOf((folder) => writeFileSync(join(folder, 'mine.py'), 'print(2)'))).not.toBe(key);
    expect(await keyOf((folder) => writeFileSync(join(folder, 'weights.bin'), 'v'))).not.toBe(key);
  });

  it('holds the command, and no citation', async () => {
    const key = await keyOf(() => {});
    const edit = (from: string, to: string) => (folder: string) =>
      writeFileSync(join(folder, 'e.yaml'), experiment(described.replace(from, to)));
    expect(await keyOf(edit('paper: A', 'paper: B'))).toBe(key);
    expect(await keyOf(edit('[python3, mine.py]', '[python3, -O, mine.py]'))).not.toBe(key);
  });
});

describe('a mistake in a description is told at its place:', () => {
  const inline = (keys: string) => place(`external: { name: mine, ${keys} }`);
  it.each([
    ['a mistyped key', 'comand: [a]', '6:29: unknown key "comand" of external: did you mean "command"?'],
    ['no command', 'version: 2', '6:15: missing key "command" of external: expected a list'],
    [
      'an unknown need',
      'command: a, requires: [linaer]',
      '6:52: external.requires.0: unknown value "linaer", did you mean "linear"?',
    ],
    ['a file that is not there', 'command: a, files: [gone.py]', '6:49: files: no file gone.py in HERE'],
    [
      'a kind that no program is told of',
      'command: a, solves: segment',
      '6:49: external.solves: expected one of restore, invert, edit, generate, translate, found "segment"',
    ],
    [
      'passes by no parameter',
      'command: a, passes: steps',
      '6:49: passes: expected a number, or the name of a parameter that is one; found "steps"',
    ],
    [
      'a parameter of two types',
      'command: a, params: { a: [1, x] }',
      '6:54: params.a: expected values of one type, or a declaration such as { type: number, default: 1 }; found a list',
    ],
    [
      'an unknown type',
      'command: a, params: { a: { type: float } }',
      '6:62: params.a.type: expected one of number',
    ],
    [
      'a default out of bounds',
      'command: a, params: { a: { type: number, minimum: 1, default: 0 } }',
      '6:91: params.a.default: expected at least 1, found 0',
    ],
    [
      'a name of every object',
      'command: a, params: { toString: 1 }',
      '6:51: params: no parameter can be called "toString"',
    ],
  ])('%s', async (_, keys, told) => {
    expect(await refusal(inline(keys))).toContain(`UserError e.yaml:${told}`);
  });

  it('in a file of its own, there', async () => {
    const folder = place('mine', 'plugins: mine.yaml', FILE.replace('title', 'titel'));
    expect(await refusal(folder)).toBe(
      'UserError mine.yaml:3:3: unknown key "titel" of external: did you mean "title"?',
    );
  });

  it('a file that describes nothing', async () => {
    const folder = place('mine', 'plugins: mine.yaml', 'name: mine');
    expect(await refusal(folder)).toContain(
      'UserError mine.yaml:1:1: expected the description of a method alone, external: { ... }',
    );
  });

  it('a name that is taken', async () => {
    expect(await refusal(place('external: { name: dps, command: node }'))).toContain(
      'there is a solver "dps" already (built in); expected another name',
    );
  });
});
