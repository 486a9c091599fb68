import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { registries } from '../../harness/cli/registries.ts';
import { readExperiment } from '../../harness/config/experiment.ts';
import { readConfig } from '../../harness/config/read.ts';
import { folderWith } from './fakes.ts';

const configs = join(packageRoot, 'configs');
const experiment = (file: string) => readExperiment(readConfig(file).root, registries);

describe('every shipped experiment is valid', () => {
  it.each(readdirSync(configs).filter((name) => name.endsWith('.yaml')))('configs/%s', (name) => {
    expect(`${experiment(join(configs, name)).name}.yaml`).toBe(name);
  });
});

describe('every experiment in docs/configuration.md is valid', () => {
  const docs = readFileSync(join(packageRoot, 'docs/configuration.md'), 'utf8');
  const examples = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);

  it.each(examples.map((example, i) => [i + 1, example] as const))('example %i', (_, example) => {
    const base = `extends: ${join(configs, 'demo.yaml')}\nreport: { baseline: p2l }\n`;
    const text = example.startsWith('name:') ? example : base + example;
    expect(experiment(join(folderWith({ 'e.yaml': text }), 'e.yaml')).tasks.length).toBeGreaterThan(0);
  });
});
