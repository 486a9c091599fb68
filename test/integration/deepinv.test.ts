import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';
import { awkwardFolder, output } from './commands.ts';
import { DEEPINV, environment, whyNot } from './deepinv/environment.ts';

/** A row of what `tweedie export` prints. */
interface Row {
  readonly solver: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly metric: string;
  readonly value: number;
}

describe.skipIf(!DEEPINV)(`deepinv's own methods on the embedded pixel prior${whyNot}`, () => {
  it("give the numbers of this program's words for them, so that every difference is known", async () => {
    const folder = awkwardFolder();
    const main = join(PACKAGE_ROOT, 'dist/harness/cli/main.js');
    const tweedie = (...args: string[]) =>
      output(folder, 'env', ...environment(), process.execPath, main, ...args);
    await tweedie('run', join(PACKAGE_ROOT, 'test/integration/deepinv/few.yaml'), '--no-report');

    const rows = JSON.parse(await tweedie('export', 'few')) as Row[];
    const psnr = (solver: string, parameter: string, value: number) => {
      const found = rows.filter((row) => {
        return row.solver === solver && row.metric === 'psnr' && row.params[parameter] === value;
      });
      expect(found, solver).toHaveLength(2);
      return found.map((row) => row.value);
    };
    const alike = (ours: readonly number[], theirs: readonly number[]) => {
      for (const [i, value] of ours.entries()) expect(theirs[i]).toBeCloseTo(value, 1);
    };
    for (const weight of [1, 30])
      alike(psnr('dps-like-deepinv', 'weight', weight), psnr('deepinv-dps', 'weight', weight));
    // deepinv's data step minimises ||y - A x||^2 + 2 rho ||x - x0||^2.
    alike(psnr('diffpir', 'lambda', 7), psnr('deepinv-diffpir', 'lambda', 3.5));
  }, 1_800_000);
});
