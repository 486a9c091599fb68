import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { tweedie } from '../cli/run-cli.ts';
import { needing, PYTHON } from '../external/python.ts';
import { temporaryFolder } from '../store/example.ts';

vi.setConfig({ testTimeout: 120_000 });

/** The page's Python, all of it. */
function script(): string {
  const page = readFileSync(join(packageRoot, 'docs/comparing-outside-results.md'), 'utf8');
  return [...page.matchAll(/```python\n(.*?)```/gs)].map(([, code]) => code).join('\n');
}

it.skipIf(PYTHON === null)(
  `the page's Python reads the problems and leaves results that can be imported${needing}`,
  async () => {
    const dir = temporaryFolder();
    const file = join(dir, 'e.yaml');
    writeFileSync(
      file,
      'name: e\nprior: embedded\ndata: { set: toyfaces, count: 2 }\ntasks: [super-resolution, box-inpainting]\nsolvers: []\n',
    );
    expect(await tweedie('measure', file, '--out', join(dir, 'problems'))).toMatchObject({
      code: 0,
      stderr: '',
    });
    const python = spawnSync(PYTHON!, ['-c', script()], { cwd: dir, encoding: 'utf8' });
    expect(python).toMatchObject({ status: 0, stderr: '' });

    const results = join(dir, 'problems/results/nearest');
    const imported = await tweedie('import', results, '--as', 'nearest', '--out', join(dir, 'nearest.yaml'));
    expect(imported.code).toBe(0);
    expect(imported.stdout).toMatch(/^2 of 4 problems have a picture\n/);
  },
);
