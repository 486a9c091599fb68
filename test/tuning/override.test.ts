import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlan } from '../../harness/plan/load.ts';
import type { Found } from '../../harness/tuning/best.ts';
import { loadTuning } from '../../harness/tuning/load.ts';
import { TUNED_OUTPUT, tasksYaml, tunedFile, tunedTasks } from '../../harness/tuning/override.ts';
import { fakes, folderWith } from '../config/fakes.ts';

const TEXT = `name: trial
prior: embedded
data: { set: toyfaces, count: 1 }
tasks:
  - super-resolution: { factor: [4, 8] }
    override: { p2l: { cfg: { scale: 3 } }, ldps: { steps: 7 } }
  - gaussian-deblurring
solvers: [ldps, p2l]
tune:
  budget: 99999
  count: 1
  search:
    ldps: { latentStep: [2, 0.0000001] }
    p2l: { mode: [adam], cfg: [{ from: 2 }] }
`;
const folder = folderWith({ 'e.yaml': TEXT });
const file = join(folder, 'e.yaml');

/** The tasks where each search has found its last trial best, but those of `nothing` none. */
async function tuned(nothing: readonly string[] = []) {
  const { experiment, searches } = await loadTuning(file, fakes, [], () => null);
  const found = searches.map((search): Found => {
    const best = nothing.includes(search.solver.name) ? null : search.points.length - 1;
    return { search, best, scores: [], column: null };
  });
  return tunedTasks(experiment, found);
}

describe('the tasks with what was found', () => {
  it('are the YAML that an experiment has, laid over what stood under override', async () => {
    expect(tasksYaml(await tuned())).toBe(`tasks:
  - super-resolution: { factor: 4 }
    override:
      p2l: { cfg: { scale: 3, from: 2 }, mode: adam }
      ldps: { steps: 7, latentStep: 1e-7 }
  - super-resolution: { factor: 8 }
    override:
      p2l: { cfg: { scale: 3, from: 2 }, mode: adam }
      ldps: { steps: 7, latentStep: 1e-7 }
  - gaussian-deblurring: {}
    override:
      ldps: { latentStep: 1e-7 }
      p2l: { mode: adam, cfg: { scale: 1, from: 2 } }
`);
  });

  it('keep what stood there where nothing was found', async () => {
    const text = tasksYaml(await tuned(['ldps', 'p2l']));
    expect(text).toContain('p2l: { cfg: { scale: 3 } }\n      ldps: { steps: 7 }\n');
    expect(text).toMatch(/ - gaussian-deblurring: \{\}\n$/);
  });

  it('are planned as they were tried, by an experiment that extends the file of them', async () => {
    const text = tunedFile(await tuned(), ['how it was made']);
    expect(text).toMatch(TUNED_OUTPUT.begins);
    const there = folderWith({
      'e.yaml': TEXT,
      'tuned.yaml': text,
      'final.yaml': 'extends: [e.yaml, tuned.yaml]\nname: final\n',
    });
    const { batches } = await loadPlan(join(there, 'final.yaml'), fakes);
    const { plan, searches } = await loadTuning(file, fakes, [], () => null);
    const last = new Set(searches.map(({ methods }) => methods.at(-1)!.key));
    const solving = batches.filter(({ method }) => method.kind === 'solver');
    expect(solving).toHaveLength(6);
    expect(new Set(solving.map(({ method }) => method.key))).toEqual(last);
    expect(plan.batches.flatMap(({ items }) => items).every(({ id }) => id.startsWith('validation/'))).toBe(
      true,
    );
    expect(batches.flatMap(({ items }) => items).every(({ id }) => id.startsWith('test/'))).toBe(true);
  });
});
