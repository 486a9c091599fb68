/** Commands about what a cluster has of experiments: status, collect, cancel, retry. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { identify } from '../../harness/processes.ts';
import { takeLock } from '../../harness/scheduler/file-lock.ts';
import { runFile } from '../../harness/scheduler/run-files.ts';
import { PartWriter } from '../../harness/scheduler/slurm/part-writer.ts';
import { Submission } from '../../harness/scheduler/slurm/submission.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { closeStore, openStore } from '../../harness/store/store.ts';
import { writeFileAside } from '../../harness/write-file.ts';
import { NOTHING_ASKED } from '../plan/resources.ts';
import { batchOf, solutionOf } from '../scheduler/slurm/cells.ts';
import { exampleExperiment, exampleRun, temporaryFolder } from '../store/example.ts';
import { NFS, pretended } from '../support/shared-folder.ts';
import { tweedie } from './run-cli.ts';
import { slurmPrograms } from './slurm-programs.ts';

vi.mock('node:fs', async (original) => (await import('../support/shared-folder.ts')).pretendingFs(original));
afterEach(() => void Object.assign(pretended, { type: null, mounts: null }));

/** An element of an experiment with one cell that has been given to Slurm as job 7, and has found it. */
async function submitted(results: string, name: string): Promise<Submission> {
  const cellKey = `c${name.length}`;
  const batch = batchOf([cellKey]);
  const store = openStore(results, { create: true });
  const { method, setting, rng, precision, items } = batch;
  const cell = { key: cellKey, item: items[0]!.id, itemSha256: items[0]!.sha256, seed: items[0]!.seed };
  registerExperiment(store, {
    ...exampleExperiment([{ ...cell, method, setting, rng, precision }]),
    name,
    metrics: [{ name: 'psnr', version: 1, level: 'image', protocol: { range: 255 } }],
  });
  closeStore(store);
  const executor = { kind: 'slurm', slurm: { parallel: null } };
  const plan = { name, plugins: [], batches: [batch], configFile: `${name}.yaml`, executor };
  const spec = {
    format: 2,
    ...{ program: '1.0.0', experiment: name, version: `${name}@1`, argv: ['run', `${name}.yaml`] },
    ...{ submitted: '2026-11-28T00:00:00.000Z', metrics: [], parallel: null },
    lease: { precision: 'float32', resultsDir: results, plugins: [] },
    limits: { batchSeconds: null, stallSeconds: null },
    groups: [{ resources: NOTHING_ASKED, device: 'cpu' }],
  } as const;
  const slices = [{ group: 0, batches: [{ batch, wanted: [cellKey] }] }];
  const submission = Submission.create(join(results, 'slurm', name), spec, plan as never, slices);
  const entries = [{ slice: 0, failures: 0, failed: [] }];
  submission.keepArray({ number: 0, group: 0, entries, job: '7' });
  const writer = new PartWriter(submission.dir, { slice: 0, array: 0, restart: 0 }, exampleRun);
  await writer.solved(batch, solutionOf(cellKey));
  writer.end({ kind: 'finished', at: '2026-11-28T01:00:00.000Z' });
  return submission;
}

describe('status --json', () => {
  it('has the jobs of each experiment', async () => {
    slurmPrograms({ squeue: `printf '%-16s%-16s%-24s%-16s%-64s\\n' 7 0 RUNNING 0 n3` });
    const results = temporaryFolder();
    await submitted(results, 'example');
    const { stdout } = await tweedie('status', '--json', '--results', results);
    expect(JSON.parse(stdout).experiments[0].jobs).toEqual([
      {
        submitted: '2026-11-28T00:00:00.000Z',
        elements: { pending: 0, running: 1, unknown: 0, ended: 0, nodes: ['n3'] },
        trouble: null,
      },
    ]);
    const { stdout: said } = await tweedie('status', '--results', results);
    expect(said).toContain(
      'example: Slurm has its jobs of 2026-11-28T00:00:00.000Z; elements: 1 running on n3, 0 ended',
    );
  });

  it('and why Slurm tells nothing of them', async () => {
    slurmPrograms({ squeue: 'echo "slurm_load_jobs error: no permission" >&2; exit 1' });
    const results = temporaryFolder();
    await submitted(results, 'example');
    const { code, stdout } = await tweedie('status', '--json', '--results', results);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).experiments[0].jobs).toMatchObject([
      { elements: null, trouble: expect.stringContaining('no permission') },
    ]);
  });
});

describe('collect', () => {
  it('--json of one experiment is the document of a run; of all a list of them, in one document', async () => {
    slurmPrograms();
    const results = temporaryFolder();
    for (const name of ['example', 'another', 'a-third']) await submitted(results, name);
    const quiet = ['--no-score', '--no-report', '--json', '--results', results];
    const one = await tweedie('collect', 'example', ...quiet);
    expect(JSON.parse(one.stdout)).toMatchObject({
      name: 'example',
      outcome: 'finished',
      solved: 1,
      done: 1,
    });
    expect(one.code).toBe(0);
    const all = await tweedie('collect', ...quiet);
    const told = { outcome: 'finished', done: 1, failed: 0, todo: 0 };
    expect(JSON.parse(all.stdout).experiments).toMatchObject([
      { name: 'a-third', ...told },
      { name: 'another', ...told },
    ]);
    const none = await tweedie('collect', ...quiet);
    expect([none.code, none.stdout]).toEqual([2, '']);
    expect(none.stderr).toBe(`${results}: no jobs are under way`);
  });

  it('--no-wait looks once: that more is to come is no failure', async () => {
    slurmPrograms({ squeue: `printf '%-16s%-16s%-24s%-16s%-64s\\n' 8 0 RUNNING 0 n3` });
    const results = temporaryFolder();
    const submission = await submitted(results, 'example');
    // A second array, at work on the same slice's cell, which nobody has found.
    const open = Submission.create(join(results, 'slurm', 'open'), submission.spec, submission.plan(), [
      { group: 0, batches: [{ batch: batchOf(['c99']), wanted: ['c99'] }] },
    ]);
    open.keepArray({ number: 0, group: 0, entries: [{ slice: 0, failures: 0, failed: [] }], job: '8' });
    const { code, stdout } = await tweedie('collect', '--no-wait', '--json', '--results', results);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).experiments).toMatchObject([{ outcome: 'interrupted', solved: 1 }]);
  });

  it.each(['collect', 'cancel'])(
    '%s gives way, on a shared file system, to a run of another experiment on another machine',
    async (command) => {
      const results = temporaryFolder();
      await submitted(results, 'example');
      pretended.type = NFS;
      const main = { ...identify(process.pid)!, started: 'on node7' };
      writeFileAside(
        runFile(results, 'theirs', 'json'),
        JSON.stringify({ host: 'node7', main, experiment: 'theirs', children: [] }),
      );
      const lock = takeLock(runFile(results, 'theirs', 'lock'), 'alone')!;
      onTestFinished(() => lock.release());
      const { code, stderr } = await tweedie(command, 'example', '--results', results);
      expect(code).toBe(2);
      expect(stderr).toBe(
        `${results}: a run of theirs is at work here (process ${process.pid} on node7), and on NFS one machine at a time writes; ` +
          'wait for it or end it there',
      );
    },
  );
});

describe('retry', () => {
  const config = () => {
    const file = join(temporaryFolder(), 'example.yaml');
    writeFileSync(
      file,
      'name: example\nprior: embedded\ndata: { set: toyfaces, split: test, count: 1 }\ntasks: [denoising]\nsolvers: [ldps]\n',
    );
    return file;
  };

  it.each([
    [['--mem', '48'], '--mem: expected a whole number with its unit, K, M, G or T, as 48G, found "48"'],
    [['--partition', 'a b'], '--partition: expected one word, found "a b"'],
    [
      ['--time', '8h'],
      '--time asks Slurm: expected --executor slurm, or executor: slurm in the file; here a cell has what the machine has, and with --workers 1 to itself',
    ],
  ])('%j: one line', async (options, line) => {
    const { code, stderr } = await tweedie('retry', config(), '--results', temporaryFolder(), ...options);
    expect([code, stderr]).toEqual([2, line]);
  });

  it('waits until jobs that may have failed are taken in, whatever runs the cells', async () => {
    const results = temporaryFolder();
    await submitted(results, 'example');
    const { code, stderr } = await tweedie('retry', config(), '--results', results);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `${results}: the jobs of example of 2026-11-28T00:00:00.000Z are not taken in to their end; first tweedie collect example, or tweedie cancel example`,
    );
  });
});
