import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../harness/measured/manifest.ts';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';
import { awkwardFolder, output } from './commands.ts';
import { DEEPINV, environment, whyNot } from './deepinv/environment.ts';

const MAIN = join(PACKAGE_ROOT, 'dist/harness/cli/main.js');
const TASK = { factor: 4, noise: 0.01 };

/** A method of somebody's own, with types: the measurement spread over its pixels. */
const SPREAD = `
import { adjoint, defineSolver, type Tensor, tf, z } from 'tweedie';

export default defineSolver({
  name: 'spread',
  version: 1,
  paper: 'Nobody',
  requires: {},
  params: z.strictObject({ gain: z.number().default(16).describe('factor of the adjoint') }),
  async solve({ y, A }, _prior, { gain }, run): Promise<Tensor> {
    run.progress(1, 1);
    return tf.mul(adjoint(A, y), gain);
  },
});
`;

const experiment = (name: string, solvers: string, more = '') => `name: ${name}
priors: { latent: embedded, pixel: embedded-pixel }
data: { set: toyfaces, split: test, count: 4 }
tasks: [super-resolution: ${JSON.stringify(TASK)}]
metrics: [psnr, ssim]
batch: 1
${more}
solvers:
${solvers}
`;

const METHODS = `  - p2l: { steps: 4 }
  - external:
      name: deepinv-dps
      paper: Tachella et al., deepinv 0.5
      command: [python3, deepinv_adapter.py, dps]
      files: [tweedie_client.py]
      requires: [pixels, linear]
      params: { steps: 4, weight: 30 }
  - grey
  - spread
`;

describe.skipIf(!DEEPINV)(`one table of methods from everywhere${whyNot}`, () => {
  const folder = awkwardFolder();
  const tweedie = (...args: string[]) =>
    output(folder, 'env', ...environment(), process.execPath, MAIN, ...args);

  beforeAll(async () => {
    for (const file of ['deepinv_adapter.py', 'tweedie_client.py'])
      cpSync(join(PACKAGE_ROOT, 'docs/examples', file), join(folder, file));
    writeFileSync(join(folder, 'spread.ts'), SPREAD);
    writeFileSync(join(folder, 'problems.yaml'), experiment('problems', '  []'));
    await tweedie('measure', 'problems.yaml', '--out', 'problems');
    // Somebody else's results are the truth itself, so that their numbers are known.
    const manifest = JSON.parse(readFileSync(join(folder, 'problems/manifest.json'), 'utf8')) as Manifest;
    for (const { name, truth } of manifest.entries) {
      const picture = join(folder, 'problems/results/grey', `${name}.png`);
      mkdirSync(dirname(picture), { recursive: true });
      cpSync(join(folder, 'problems', truth), picture);
    }
    await tweedie('import', 'problems/results/grey', '--as', 'grey', '--out', 'grey.yaml');
    writeFileSync(join(folder, 'one.yaml'), experiment('one', METHODS, 'plugins: [spread.ts, grey.yaml]'));
  }, 600_000);

  const columns = 'solver,params,item,metric,value,prior,key,status';
  const rows = async (results: string) =>
    (await tweedie('export', 'one', '--results', results, '--format', 'csv', '--columns', columns)).trim();
  const run = (results: string) => ['run', 'one.yaml', '--no-report', '--results', results];

  /** Starts the run and kills it once another result lies on the disk. */
  async function killed(results: string): Promise<void> {
    const [program, ...args] = ['env', ...environment(), process.execPath, MAIN, ...run(results)];
    mkdirSync(join(folder, results), { recursive: true });
    const child = spawn(program!, args, { cwd: folder, stdio: 'ignore' });
    const watcher = watch(join(folder, results), { recursive: true }, (_, name) => {
      if (name?.endsWith('.safetensors')) child.kill('SIGKILL');
    });
    const [, signal] = await once(child, 'exit');
    watcher.close();
    expect(signal).toBe('SIGKILL');
  }

  it('has the same rows after five kills as without any', async () => {
    await tweedie(...run('undisturbed'));
    for (let kill = 0; kill < 5; kill++) await killed('killed');
    await tweedie(...run('killed'));
    const found = await rows('killed');
    expect(found).toBe(await rows('undisturbed'));
    const [, ...lines] = found.split('\n');
    const solvers = new Set(lines.map((line) => line.split(',')[0]));
    expect(solvers).toEqual(new Set(['bicubic', 'p2l', 'deepinv-dps', 'grey', 'spread']));
    expect(lines).toHaveLength(2 * 4 * 5);
  }, 1_800_000);
});
