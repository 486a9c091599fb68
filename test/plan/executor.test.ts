import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { askingInstead, type Executor, type Resources } from '../../harness/plan/executor.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { cellKeys, type Plan } from '../../harness/plan/plan.ts';
import { byResources } from '../../harness/scheduler/slurm/resources.ts';
import { fakes, folderWith, GOOD } from '../config/fakes.ts';
import { NOTHING_ASKED } from './resources.ts';

const planOf = (section: string, ...set: string[]): Promise<Plan> =>
  loadPlan(join(folderWith({ 'e.yaml': GOOD + section }), 'e.yaml'), fakes, set);

describe('executor', () => {
  it.each([
    ['', 'local'],
    ['executor: local\n', 'local'],
    ['executor: slurm\n', 'slurm'],
    ['executor: { slurm: }\n', 'slurm'],
  ])('%j: the cluster decides everything', async (section, kind) => {
    const expected: Executor = {
      kind: kind as 'local',
      slurm: { resources: NOTHING_ASKED, perSolver: {}, parallel: null, batches: null },
    };
    expect((await planOf(section)).executor).toEqual(expected);
  });

  const CLUSTER = `executor:
  slurm:
    partition: gpu
    account: mine
    gres: gpu:1
    time: 4h
    mem: 48G
    cpus: 8
    parallel: 50
    setup: [module load cuda/12.4, source env.sh]
    args: --qos=normal
    perSolver:
      p2l: { mem: 80G, time: 1-12:00:00 }
      ldps: { gres: none, setup: [] }
`;
  const general: Resources = {
    partition: 'gpu',
    account: 'mine',
    gres: 'gpu:1',
    time: '0-04:00:00',
    mem: '48G',
    cpus: 8,
    setup: ['module load cuda/12.4', 'source env.sh'],
    args: ['--qos=normal'],
  };

  it('asks for what is written, for a solver with what is different for it', async () => {
    expect((await planOf(CLUSTER)).executor).toEqual({
      kind: 'slurm',
      slurm: {
        resources: general,
        parallel: 50,
        batches: null,
        perSolver: {
          p2l: { ...general, mem: '80G', time: '1-12:00:00' },
          ldps: { ...general, gres: null, setup: [] },
        },
      },
    });
  });

  it.each([
    ['45m', '0-00:45:00'],
    ['90m', '0-01:30:00'],
    ['36h', '1-12:00:00'],
    ['2d', '2-00:00:00'],
    ['2-12', '2-12'],
    ['12:00:00', '12:00:00'],
  ])('a time of %s is %s', async (written, time) => {
    const { executor } = await planOf('', `executor.slurm.time=${written}`);
    expect(executor.slurm.resources.time).toBe(time);
  });

  it('can be set on the command line, over a section and without one', async () => {
    const over = await planOf(CLUSTER, 'executor.slurm.mem=96G');
    expect(over.executor.slurm.resources).toEqual({ ...general, mem: '96G' });
    const without = await planOf('', 'executor.slurm.mem=0');
    expect(without.executor).toMatchObject({
      kind: 'slurm',
      slurm: { resources: { ...NOTHING_ASKED, mem: '0' } },
    });
    const word = await planOf('executor: slurm\n', 'executor.slurm.cpus=2');
    expect(word.executor.slurm.resources.cpus).toBe(2);
  });

  it('what a command asks for instead counts for every solver, and nothing else changes', async () => {
    const { slurm } = (await planOf(CLUSTER)).executor;
    expect(askingInstead(slurm, { mem: '128G', time: '8h', gres: 'none' })).toEqual({
      ...slurm,
      resources: { ...general, mem: '128G', time: '0-08:00:00', gres: null },
      perSolver: {
        p2l: { ...general, mem: '128G', time: '0-08:00:00', gres: null },
        ldps: { ...general, mem: '128G', time: '0-08:00:00', gres: null, setup: [] },
      },
    });
    expect(askingInstead(slurm, {})).toEqual(slurm);
  });

  it('is part of no key', async () => {
    expect(cellKeys(await planOf(CLUSTER))).toEqual(cellKeys(await planOf('')));
  });

  it('puts batches together that ask for the same, baselines with the whole', async () => {
    const plan = await planOf(
      'executor: { slurm: { mem: 4G, perSolver: { ldps: { mem: 8G } } } }\n',
      'solvers=[ldps, p2l]',
    );
    const groups = byResources(plan.batches, plan.executor.slurm);
    const found = groups.map(({ resources, batches }) => [
      resources.mem,
      new Set(batches.map(({ method }) => (method.kind === 'baseline' ? 'baseline' : method.name))),
    ]);
    expect(found).toEqual([
      ['4G', new Set(['baseline', 'p2l'])],
      ['8G', new Set(['ldps'])],
    ]);
    expect(groups.flatMap(({ batches }) => batches)).toHaveLength(plan.batches.length);
  });
});

describe('a mistake in it gives one line with its place', () => {
  const before = GOOD.trimEnd().split('\n').length;

  it.each([
    ['slrum', '1:11: executor: unknown value "slrum", did you mean "slurm"?'],
    ['4', '1:11: executor: expected local, slurm, or slurm: { what it is asked for }; found 4'],
    [
      '{ slrum: {} }',
      '1:13: executor: expected local, slurm, or slurm: { what it is asked for }; found the key slrum',
    ],
    ['{ slurm: 3 }', '1:20: executor.slurm: expected a mapping, found 3'],
    ['{ slurm: { gers: gpu:1 } }', '1:22: unknown key "gers" of executor.slurm: did you mean "gres"?'],
    [
      '{ slurm: { time: 4 hours } }',
      '1:28: executor.slurm.time: expected a time, as 90m, 4h or 2d, or as Slurm writes it: D-HH:MM:SS, found "4 hours"',
    ],
    [
      '{ slurm: { time: "4:30" } }',
      '1:28: executor.slurm.time: expected a time, as 90m, 4h or 2d, or as Slurm writes it: D-HH:MM:SS, found "4:30"',
    ],
    [
      '{ slurm: { time: 240 } }',
      '1:28: executor.slurm.time: expected a time, as 90m, 4h or 2d, or as Slurm writes it: D-HH:MM:SS, found 240',
    ],
    [
      '{ slurm: { mem: 48 } }',
      '1:27: executor.slurm.mem: expected a whole number with its unit, K, M, G or T, as 48G, found 48',
    ],
    [
      '{ slurm: { mem: 48 GB } }',
      '1:27: executor.slurm.mem: expected a whole number with its unit, K, M, G or T, as 48G, found "48 GB"',
    ],
    ['{ slurm: { cpus: 0 } }', '1:28: executor.slurm.cpus: expected at least 1, found 0'],
    ['{ slurm: { partition: a b } }', '1:33: executor.slurm.partition: expected one word, found "a b"'],
    [
      '{ slurm: { args: [-p gpu] } }',
      '1:29: executor.slurm.args.0: expected a long option of sbatch, as --qos=normal, found "-p gpu"',
    ],
    [
      '{ slurm: { args: [--qos=a, --array=0-3] } }',
      '1:38: executor.slurm.args.1: --array is set by tweedie itself, found --array=0-3',
    ],
    // getopt takes the beginning of a name for the whole.
    [
      '{ slurm: { args: --outp=x } }',
      '1:28: executor.slurm.args.0: --output is set by tweedie itself, found --outp=x',
    ],
    [
      '{ slurm: { args: --mem=4G } }',
      '1:28: executor.slurm.args.0: --mem=4G has a key of its own: expected mem',
    ],
    ['{ slurm: { perSolver: { lpds: { mem: 8G } } } }', '1:35: unknown solver "lpds": did you mean "ldps"?'],
    [
      '{ slurm: { perSolver: { ldps: { memm: 8G } } } }',
      '1:43: unknown key "memm" of executor.slurm.perSolver.ldps: did you mean "mem"?',
    ],
  ])('%s', async (section, complaint) => {
    const error = await planOf(`executor: ${section}\n`).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    const [line, ...rest] = complaint.split(':');
    const where = `e.yaml:${Number(line) + before}:${rest.join(':')}`;
    expect((error as UserError).message.replace(/^.*\//, '')).toBe(where);
  });

  it.each([
    'array=1',
    'output=a',
    'error=a',
    'wait',
    'signal=USR1',
    'requeue',
    'no-requeue',
    'open-mode=truncate',
    'job-name=x',
    'wrap=ls',
    'parsable',
    'clusters=b',
    'test-only',
  ])('refuses --%s', async (option) => {
    const refused = planOf(`executor: { slurm: { args: [--${option}] } }\n`);
    await expect(refused).rejects.toThrow('is set by tweedie itself');
  });

  it.each([
    'exclusive',
    'constraint=a100&intel',
    'wait-all-nodes=1',
    'mem-per-gpu=8G',
    'time-min=10',
    'gpus=1',
  ])('passes --%s through', async (option) => {
    const { executor } = await planOf(`executor: { slurm: { args: ["--${option}"] } }\n`);
    expect(executor.slurm.resources.args).toEqual([`--${option}`]);
  });

  it('is found beside others', async () => {
    const error = await planOf('executor: { slurm: { mem: 1, cpus: 0 } }\nbatch: 0\n').catch(
      (thrown) => thrown,
    );
    expect((error as UserError).message.split('\n')).toHaveLength(3);
  });
});
