import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { registries } from '../../harness/cli/registries.ts';
import { schemaOfExperiments } from '../../harness/editor/experiment-schema.ts';
import { tweedie } from '../cli/run-cli.ts';
import { folderWith } from '../config/fakes.ts';

type Validate = (text: string) => string[];

/** What an editor would underline in a file, as path and message. */
function validatorOf(schema: object): Validate {
  const validate = new Ajv({ allErrors: true, strictTypes: true, allowUnionTypes: true }).compile(schema);
  return (text) => {
    validate(parse(text, { merge: true }));
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

const configs = join(packageRoot, 'configs');
const docs = readFileSync(join(packageRoot, 'docs/configuration.md'), 'utf8');
const examples = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);

let complaints: Validate;
beforeAll(() => {
  complaints = validatorOf(schemaOfExperiments(registries));
});

describe('the JSON Schema of experiment files', () => {
  it.each(readdirSync(configs).filter((name) => name.endsWith('.yaml')))('takes configs/%s', (name) => {
    expect(complaints(readFileSync(join(configs, name), 'utf8'))).toEqual([]);
  });

  it.each(examples.map((text, i) => [i + 1, text] as const))('takes example %i of its page', (_, text) => {
    expect(complaints(text)).toEqual([]);
  });

  const GOOD = `name: trial
prior: embedded
data: { set: toyfaces, count: 3 }
tasks:
  - super-resolution: { factor: 8 }
    override: { p2l: { promptLr: 0.02 } }
solvers:
  - ldps: { steps: 50 }
  - tikhonov
`;
  it('takes a file that is right', () => expect(complaints(GOOD)).toEqual([]));

  it.each([
    ['a key that there is not', 'prior:', 'piror:'],
    ['a missing key', 'prior: embedded\n', ''],
    ['an unknown solver', '- tikhonov', '- tikonov'],
    ['an unknown solver with parameters', '- ldps:', '- lpds:'],
    ['an unknown task', '- super-resolution:', '- super-resolutoin:'],
    ['an unknown prior', 'embedded', 'embeded'],
    ['an unknown data set', 'toyfaces', 'faces'],
    ['an unknown parameter', 'steps:', 'stepz:'],
    ['an unknown parameter of a task', 'factor:', 'fcator:'],
    ['an unknown parameter in an override', 'promptLr:', 'promptRate:'],
    ['a word for a number', '50', 'fifty'],
    ['one wrong value of a grid', '50', '[10, ten]'],
    ['a number out of its range', '50', '0'],
    ['a fraction for a whole number', '50', '1.5'],
    ['an unknown group', '50 }', '50 }\n    group: trainde'],
    ['an unknown key of a table', 'tasks:', 'report: { tables: [{ taks: [super-resolution] }] }\ntasks:'],
    ['two solvers in one entry', '50 }', '50 }\n    p2l: {}'],
    ['override beside a solver', '50 }', '50 }\n    override: { p2l: { steps: 1 } }'],
    ['an unknown metric', 'tasks:', 'metrics: [psnr, sim]\ntasks:'],
    ['a zip of what is no parameter', 'steps: 50', 'steps: [1, 2], zip: [steps, omga]'],
    ['a zip of one parameter', 'steps: 50', 'steps: [1, 2], zip: [steps]'],
    ['an unknown executor', 'tasks:', 'executor: slrum\ntasks:'],
    ['a wrong time of a cluster', 'tasks:', 'executor: { slurm: { time: 4 hours } }\ntasks:'],
    [
      'an unknown key for one solver',
      'tasks:',
      'executor: { slurm: { perSolver: { p2l: { mme: 8G } } } }\ntasks:',
    ],
    ['a wrong section tune', 'tasks:', 'tune: { budget: 1, search: { ldps: { omga: [1] } } }\ntasks:'],
  ])('refuses %s', (_, from, to) => {
    expect(GOOD).toContain(from);
    expect(complaints(GOOD.replace(from, to))).not.toEqual([]);
  });

  it('knows what a cluster may be asked for', () => {
    for (const executor of [
      'local',
      'slurm',
      '{ slurm: { mem: 8G, setup: source env.sh, args: [--qos=high] } }',
    ])
      expect(complaints(`${GOOD}executor: ${executor}\n`)).toEqual([]);
  });

  it('asks a file that extends another, and a part without a name, for nothing', () => {
    expect(complaints('extends: base.yaml\nname: mine\n')).toEqual([]);
    expect(complaints('tasks: [super-resolution]\n')).toEqual([]);
    expect(complaints('extends: base.yaml\nreport:\ndata: { count: null }\n')).toEqual([]);
  });

  it('knows what may be excluded', () => {
    const rule = (text: string) => complaints(`${GOOD}exclude: ${text}\n`);
    expect(rule('{ solver: ldps, params: { steps: [1, 2] }, prior: mine }')).toEqual([]);
    expect(rule('[{ task: super-resolution, taskParams: { factor: 4 } }, { include: a.yaml }]')).toEqual([]);
    for (const wrong of ['{ solver: lpds }', '{ solvr: ldps }', '{ params: { steps: 1 } }', '{}'])
      expect(rule(wrong)).not.toEqual([]);
  });

  it('takes entries from other files, and only their names', () => {
    expect(complaints(GOOD.replace('- tikhonov', '- include: baselines.yaml'))).toEqual([]);
    expect(complaints(GOOD.replace('- tikhonov', '- { include: a.yaml, prior: b }'))).not.toEqual([]);
    expect(complaints(GOOD.replace('- tikhonov', '- include: [a.yaml]'))).not.toEqual([]);
  });

  it('says of every solver and parameter, in its place, what the solver says of itself', () => {
    const { definitions } = schemaOfExperiments(registries) as unknown as Field;
    const byName = definitions!.solver!.anyOf!.find((option) => option.properties)!.properties!;
    const said = (field: Field): Record<string, Field> => {
      const { $ref } = field.anyOf!.find((option) => option.$ref)!;
      return definitions![$ref!.replace('#/definitions/', '')]!.properties!;
    };
    expect(Object.keys(byName)).toEqual([...registries.solvers.keys(), 'prior', 'label', 'group', 'draws']);
    for (const { name, paper, params } of registries.solvers.values()) {
      expect(byName[name]!.description).toBe(paper);
      const keys = Object.keys(params.shape);
      expect(Object.keys(said(byName[name]!))).toEqual(keys.length > 1 ? ['zip', ...keys] : keys);
    }
    expect(said(byName.p2l!).promptLr).toMatchObject({
      description: "learning rate of the prompt's Adam",
      default: 0.0001,
    });
  });
});

/** As much of a schema as the test above walks. */
interface Field {
  readonly description?: string;
  readonly $ref?: string;
  readonly anyOf?: readonly Field[];
  readonly definitions?: Readonly<Record<string, Field>>;
  readonly properties?: Readonly<Record<string, Field>>;
}

describe('tweedie schema', () => {
  const plugin = join(packageRoot, 'docs/examples/nearest-mean.js');

  it("CONFIG: with the solvers of the file's plug-ins", async () => {
    const text = `plugins: [${plugin}]\nsolvers: [nearest-mean]\n`;
    const { code, stdout } = await tweedie('schema', join(folderWith({ 'e.yaml': text }), 'e.yaml'));
    expect(code).toBe(0);
    expect(validatorOf(JSON.parse(stdout))(text)).toEqual([]);
    expect(complaints(text)).not.toEqual([]);
  });

  it('--out writes it, over an earlier one but over nothing else', async () => {
    const folder = folderWith({ 'notes.txt': 'mine' });
    const file = join(folder, 'tweedie.schema.json');
    for (const _ of [1, 2]) expect((await tweedie('schema', '--out', file)).code).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schemaOfExperiments(registries));
    const refused = await tweedie('schema', '--out', join(folder, 'notes.txt'));
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('a JSON Schema') });
  });
});
