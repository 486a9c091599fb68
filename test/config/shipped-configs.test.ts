import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { registries } from '../../harness/cli/registries.ts';
import { readConfig } from '../../harness/config/read.ts';
import { readExperiment } from '../../harness/plan/experiment.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { loadTuning } from '../../harness/tuning/load.ts';
import { writeTinyPrior } from '../support/tiny-prior.ts';
import { folderWith } from './fakes.ts';

const configs = join(packageRoot, 'configs');
const experiment = (file: string) => readExperiment(readConfig(file).root, registries);

describe('every shipped experiment is valid', () => {
  it.each(readdirSync(configs).filter((name) => name.endsWith('.yaml')))('configs/%s', (name) => {
    expect(`${experiment(join(configs, name)).name}.yaml`).toBe(name);
  });
});

/** How many trials each method has on each task. */
async function trialsIn(file: string): Promise<Record<string, number>> {
  const { searches } = await loadTuning(file, registries, [], () => null);
  return Object.fromEntries(searches.map(({ solver, points }) => [solver.name, points.length]));
}

it('configs/tune.yaml gives every method 2000 passes of the network: p2l takes two a step', async () => {
  expect(await trialsIn(join(configs, 'tune.yaml'))).toEqual({ ldps: 10, 'gml-dps': 10, psld: 10, p2l: 5 });
});

describe.each(['ffhq512-p2l', 'imagenet512-p2l'])('configs/%s.yaml', (name) => {
  const plan = (...set: string[]) => loadPlan(join(configs, `${name}.yaml`), registries, set);
  const tiny = [`prior.stable-diffusion.path=${writeTinyPrior()}`, 'prior.stable-diffusion.size=64'];

  it('says where the model is to be', async () => {
    const missing = plan('prior.stable-diffusion.path=nowhere/sd');
    await expect(missing).rejects.toThrow(
      `--set:1:1: ${join(process.cwd(), 'nowhere/sd')}: there is no such folder; expected a model`,
    );
  });

  it('says where the pictures are to be, and which of them are missing', async () => {
    const nowhere = join(tmpdir(), 'no-such-pictures');
    await expect(plan(...tiny, `data.folder=${nowhere}`)).rejects.toThrow(
      `cannot read the picture folder ${nowhere}: there is no such folder`,
    );
    const some = folderWith({ 'other.png': '' });
    await expect(plan(...tiny, `data.folder=${some}`)).rejects.toThrow(
      `the pictures in ${some}: 1000 of the 1000 pictures asked for are missing (${join(packageRoot, 'datasets', name.replace('-p2l', ''))}`,
    );
  });
});

describe('every experiment in docs/configuration.md is valid', () => {
  const docs = readFileSync(join(packageRoot, 'docs/configuration.md'), 'utf8');
  const examples = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);

  it.each(examples.map((example, i) => [i + 1, example] as const))('example %i', (_, example) => {
    // The demo's baseline may be no method of the example.
    const report = /^report:/m.test(example) ? '' : 'report: null\n';
    const base = `extends: ${join(configs, 'demo.yaml')}\n${report}`;
    const text = /^name:/m.test(example) ? example : base + example;
    expect(experiment(join(folderWith({ 'e.yaml': text }), 'e.yaml')).tasks.length).toBeGreaterThan(0);
  });

  it('and its section tune', async () => {
    const [section, ...others] = examples.filter((example) => example.startsWith('tune:'));
    expect(others).toEqual([]);
    const methods = 'tasks: [super-resolution]\nsolvers: [ldps: { steps: 50 }, p2l: { steps: 50 }]';
    const text = `extends: ${join(configs, 'demo.yaml')}\n${methods}\n${section}`;
    expect(await trialsIn(join(folderWith({ 'e.yaml': text }), 'e.yaml'))).toEqual({ ldps: 10, p2l: 3 });
  });
});
