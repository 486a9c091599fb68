import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';
import { awkwardFolder, EXPERIMENT, output, warningsOf } from './commands.ts';

describe('a fresh clone of what is committed', () => {
  const clone = join(awkwardFolder(), 'clone');

  it('npm ci warns of nothing and builds', async () => {
    await output(PACKAGE_ROOT, 'git', 'clone', '--quiet', PACKAGE_ROOT, clone);
    expect(warningsOf(await output(clone, 'npm', 'ci'))).toEqual([]);
    expect(existsSync(join(clone, 'dist/harness/cli/main.js'))).toBe(true);
  }, 900_000);

  it('npx tweedie runs there, without a warning, and leaves the checkout clean', async () => {
    writeFileSync(join(clone, 'results/tiny.yaml'), EXPERIMENT);
    const printed = await output(clone, 'npx', 'tweedie', 'run', 'results/tiny.yaml');
    expect(printed).toContain('reports/tiny.html');
    expect(printed).not.toMatch(/warn/i);
    expect(readFileSync(join(clone, 'reports/tiny.html'), 'utf8')).toContain('<img class="on-light"');
    expect(await output(clone, 'git', 'status', '--porcelain')).toBe('');
  }, 300_000);
});
