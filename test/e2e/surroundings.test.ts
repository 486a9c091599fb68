import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { hearSteps, Workplace } from './cli.ts';

// Each test starts the program, and each start loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000 });

/** A prior and a solver; the plan's look at the prior runs `whenPlanned`. */
const plugin = (whenPlanned: string) => `
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { definePrior, defineSolver, tf, z } from 'tweedie';

const facts = { imageShape: [3, 16, 16], weightsSha256: '0'.repeat(64), toy: true };
const self = fileURLToPath(import.meta.url);
const planning = process.env.TWEEDIE_LEASE === undefined;

export default [
  definePrior({
    name: 'none', version: 1, description: '', params: z.object({}),
    inspect: async () => { ${whenPlanned}; return facts; },
    open: async () => ({ name: 'none', imageShape: [3, 16, 16], dispose() {} }),
  }),
  defineSolver({
    name: 'half', version: 1, paper: '', requires: {}, params: z.object({}),
    solve: async ({ y }) => tf.mul(y, 0.5),
  }),
];
`;

const small = { data: { set: 'toyfaces', count: 1 }, seeds: [0], batch: 1, workers: 1 };

describe('what changes between the plan and its work fails the cells that it concerns:', () => {
  it.each([
    [
      'a plug-in',
      `if (planning) setTimeout(() => appendFileSync(self, '//'), 0)`,
      (dir: string) => `plug-in ${dir}/mine.js has changed since the plan was made`,
    ],
    [
      "a prior's weights",
      `if (!planning) facts.weightsSha256 = '1'.repeat(64)`,
      () => 'the files of prior none have changed since the plan was made',
    ],
  ])('%s', async (_, whenPlanned, message) => {
    const place = new Workplace();
    writeFileSync(join(place.dir, 'mine.js'), plugin(whenPlanned));
    place.experiment('one', { ...small, plugins: ['mine.js'], prior: 'none', solvers: ['half'] });
    expect(await place.run('run', 'one.yaml')).toMatchObject({ code: 1 });
    expect(await place.status('one')).toMatchObject({
      done: 1,
      failedCells: [{ kind: 'solver-error', message: message(place.dir) }],
    });
  });
});

describe('a run goes to its end', () => {
  it('without its report, where that cannot be written any more', async () => {
    const place = new Workplace();
    place.experiment('one', { ...small, solvers: ['arithmetic'] });
    const env = await hearSteps(() => writeFileSync(join(place.dir, 'reports'), 'a file'));
    const { code, stdout, stderr } = await place.start(['run', 'one.yaml'], env).ended;
    expect([code, stderr]).toEqual([
      1,
      `no report: ${place.dir}/reports/one.html: is not in a folder: a part of the path is a file\n`,
    ]);
    expect(stdout).toContain('observed mean');
  });

  it('with a word on pictures that were taken away, which the next makes again', async () => {
    const place = new Workplace();
    place.experiment('one', { ...small, solvers: ['arithmetic'] });
    const pictures = join(place.results, 'images');
    const taken = join(place.dir, 'taken');
    const env = await hearSteps(() => {
      if (existsSync(pictures) && !existsSync(taken)) renameSync(pictures, taken);
    });
    const { code, stderr } = await place.start(['run', 'one.yaml'], env).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^missing or damaged since this run began: images\/.*; the same command makes them again$/m,
    );
    expect(await place.run('run', 'one.yaml')).toMatchObject({ code: 0 });
    expect(readdirSync(pictures).length).toBeGreaterThan(0);
  });

  it('without /proc', async ({ skip }) => {
    const hidden = ['-m', 'sh', '-c', 'mount -t tmpfs tmpfs /proc && exec "$@"', 'sh'];
    skip(spawnSync('unshare', [...hidden, 'true']).status !== 0, 'only root can hide /proc');
    const place = new Workplace();
    place.experiment('one', { ...small, solvers: ['arithmetic'] });
    const run = spawn('unshare', [...hidden, ...place.command('run', 'one.yaml')], { cwd: place.dir });
    expect(await once(run, 'exit')).toEqual([0, null]);
  });

  it('in order, where its database was taken away: what it computes could be kept nowhere', async () => {
    const place = new Workplace();
    place.experiment('one');
    const database = join(place.results, 'tweedie.sqlite');
    const env = await hearSteps(() => rmSync(database, { force: true }));
    const { code, stderr } = await place.start(['run', 'one.yaml'], env).ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`${database}: was removed or replaced while this run was at work`);
    expect(readdirSync(join(place.results, 'runs')).filter((name) => name.endsWith('.json'))).toEqual([]);
  });
});
