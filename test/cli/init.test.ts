import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { folderWith } from '../config/fakes.ts';
import { tweedie } from './run-cli.ts';

describe('tweedie init', () => {
  it('writes an experiment that can be planned, called like its folder, and says what is next', async () => {
    const folder = join(folderWith({}), 'My study (2026)');
    const { code, stdout } = await tweedie('init', folder);
    const file = join(folder, 'experiment.yaml');
    expect(code).toBe(0);
    expect(stdout).toContain(
      `next:\n  cd '${folder}'\n  tweedie plan experiment.yaml\n  tweedie run experiment.yaml`,
    );
    for (const said of ['tweedie plan experiment.yaml', 'tweedie run experiment.yaml'])
      expect(readFileSync(file, 'utf8')).toContain(said);
    const plan = await loadPlan(file, registries);
    expect(plan.name).toBe('My-study-2026');
    expect(new Set(plan.batches.map(({ method }) => method.name))).toEqual(
      new Set(['bicubic', 'ldps', 'p2l']),
    );
  });

  it('overwrites nothing', async () => {
    const folder = folderWith({ 'experiment.yaml': 'mine' });
    const { code, stderr } = await tweedie('init', folder);
    expect([code, stderr.split('\n').length]).toEqual([2, 1]);
    expect(readFileSync(join(folder, 'experiment.yaml'), 'utf8')).toBe('mine');
  });
});
