import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import type { Resources } from '../../harness/plan/executor.ts';
import { type ArrayJob, type ElementState, Full, NotNow } from '../../harness/scheduler/slurm/cluster.ts';
import { logFile } from '../../harness/scheduler/slurm/sbatch-script.ts';
import { SlurmClient } from '../../harness/scheduler/slurm/slurm-client.ts';
import { oneNodeSlurm, processors, SLURM, whyNoSlurm } from '../support/one-node-slurm.ts';

const RESOURCES: Resources = {
  partition: null,
  account: null,
  gres: null,
  time: null,
  mem: '100M',
  cpus: 1,
  setup: [],
  args: [],
};

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

type States = ReadonlyMap<number, ElementState>;
const isEnded = ({ kind }: ElementState) => kind === 'completed' || kind === 'failed';
const allEnded = (states: States) => [...states.values()].every(isEnded);

/** Asks until it is so; the test's own time limit ends it. */
async function until(
  client: SlurmClient,
  job: string,
  isSo: (states: States) => boolean | Promise<boolean>,
): Promise<States> {
  for (;;) {
    const states = (await client.states([job])).get(job)!;
    if (await isSo(states)) return states;
    await delay(300);
  }
}

describe.skipIf(!SLURM)(`a Slurm of one node, with accounting${whyNoSlurm}`, () => {
  const conf = [processors(8), 'MinJobAge=2', 'SlurmdTimeout=4', 'AccountingStorageEnforce=limits'];
  const slurm = oneNodeSlurm(conf);
  const client = new SlurmClient({ environment: slurm.environment });
  // What breaks careless programs.
  const logDir = join(slurm.folder, 'logs für %a "alle"');
  const log = (job: string, index: number) => readFileSync(logFile(logDir, job, index), 'utf8');

  /** An array whose elements run a shell script with their index as its argument. */
  const array = (name: string, script: string, count: number, more: Partial<ArrayJob> = {}): ArrayJob => {
    const file = join(slurm.folder, `${name} it's.sh`);
    mkdirSync(slurm.folder, { recursive: true });
    writeFileSync(file, script);
    const command = ['/bin/bash', file];
    return { name, indices: upTo(count), parallel: null, resources: RESOURCES, command, logDir, ...more };
  };

  let limited = '';
  beforeAll(async () => {
    await slurm.command('sacctmgr', '-i', 'add', 'account', 'lab');
    await slurm.command('sacctmgr', '-i', 'add', 'user', userInfo().username, 'account=lab');
    // It takes a minute and a half: the other tests go on meanwhile.
    const script = `trap 'echo told' USR2; while true; do sleep 1; done`;
    limited = await client.submit(
      array('limited', script, 1, { resources: { ...RESOURCES, time: '0-00:01:00' } }),
    );
  }, 60_000);

  it('runs an array, as many at once as it may', async () => {
    const events = join(slurm.folder, 'events');
    const script = `echo + >> '${events}'; echo "element $1 of $SLURM_ARRAY_JOB_ID"; sleep 0.2; echo - >> '${events}'`;
    const job = await client.submit(array('forty', script, 40, { parallel: 4 }));
    const seen = new Set<string>();
    const states = await until(client, job, (now) => {
      for (const { kind } of now.values()) seen.add(kind);
      return allEnded(now);
    });
    expect([...states.keys()].sort((a, b) => a - b)).toEqual(upTo(40));
    expect(new Set([...states.values()].map(({ kind }) => kind))).toEqual(new Set(['completed']));
    expect(seen).toContain('pending');
    expect(seen).toContain('running');
    let running = 0;
    for (const event of readFileSync(events, 'utf8').trim().split('\n')) {
      running += event === '+' ? 1 : -1;
      expect(running).toBeLessThanOrEqual(4);
    }
    expect(log(job, 17)).toBe(`element 17 of ${job}\n`);
    expect(readdirSync(logDir).filter((name) => name.startsWith(`${job}_`))).toHaveLength(40);
    // Somebody else finds the same later, when the queue has forgotten it.
    const other = new SlurmClient({ environment: slurm.environment });
    expect((await until(other, job, (now) => now.size === 40 && allEnded(now))).get(17)).toEqual({
      kind: 'completed',
    });
  }, 300_000);

  it('tells how elements end', async () => {
    const script = `case $1 in 0) ;; 1) exit 3;; 2) kill -9 $$;; 3) head -c 900M /dev/zero | tail;; esac`;
    const job = await client.submit(array('ends', script, 4));
    const states = await until(client, job, allEnded);
    expect(states.get(0)).toEqual({ kind: 'completed' });
    expect(states.get(1)).toEqual({ kind: 'failed', failure: 'crashed', said: 'FAILED 3:0' });
    expect(states.get(2)).toEqual({ kind: 'failed', failure: 'crashed', said: 'FAILED 0:9' });
    // No state says so without control groups; the log does.
    expect(states.get(3)).toMatchObject({ kind: 'failed', failure: 'oom' });
  }, 300_000);

  it('cancels elements, and whole arrays', async () => {
    const job = await client.submit(array('cancelled', 'sleep 600', 6, { parallel: 2 }));
    await until(client, job, (now) => now.get(0)!.kind === 'running');
    await client.cancel(job, [0, 5]);
    const cancelled = { kind: 'failed', failure: 'cancelled', said: expect.stringMatching(/^CANCELLED/) };
    const states = await until(client, job, (now) => [0, 5].every((index) => isEnded(now.get(index)!)));
    expect([states.get(0), states.get(5)]).toEqual([cancelled, cancelled]);
    expect([1, 2, 3, 4].map((index) => isEnded(states.get(index)!))).toEqual(Array(4).fill(false));
    await client.cancel(job);
    const after = await until(client, job, allEnded);
    expect([...after.values()]).toEqual(Array(6).fill(cancelled));
    await client.cancel(job);
    await client.cancel('999999', [3]);
  }, 300_000);

  it('gives each element a GPU of its own', async () => {
    const script = `echo "$CUDA_VISIBLE_DEVICES"; touch ${slurm.folder}/gpu$1; until [ -e ${slurm.folder}/gpu0 -a -e ${slurm.folder}/gpu1 ]; do sleep 0.1; done`;
    const job = await client.submit(array('gpus', script, 2, { resources: { ...RESOURCES, gres: 'gpu:1' } }));
    await until(client, job, allEnded);
    expect([log(job, 0), log(job, 1)].sort()).toEqual(['0\n', '1\n']);
  }, 300_000);

  it('runs set-up lines before the program', async () => {
    const resources = { ...RESOURCES, setup: ['export GREETING="good morning"', 'cd /'] };
    const job = await client.submit(array('set-up', 'echo "$GREETING from $PWD"', 1, { resources }));
    await until(client, job, allEnded);
    expect(log(job, 0)).toBe('good morning from /\n');
  }, 300_000);

  it('refuses what Slurm refuses, in its words', async () => {
    const refused = client.submit(
      array('refused', 'true', 1, { resources: { ...RESOURCES, partition: 'nowhere' } }),
    );
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toThrow(/^sbatch refuses the job: .*invalid partition/i);
  });

  it('knows the limits, and a full queue from a mistake', async () => {
    const set = (most: number) =>
      slurm.command(
        'sacctmgr',
        '-i',
        'modify',
        'user',
        'where',
        'account=lab',
        'set',
        `MaxSubmitJobs=${most}`,
      );
    const resources = { ...RESOURCES, account: 'lab' };
    expect(await client.limits()).toEqual({ maxArraySize: 1001, maxSubmit: null });
    await set(5);
    expect(await client.limits()).toEqual({ maxArraySize: 1001, maxSubmit: 5 });
    const six = array('six', 'true', 6, { resources });
    await expect(client.submit(six)).rejects.toThrow(Full);
    await expect(client.submit(six)).rejects.toThrow('AssocMaxSubmitJobLimit');
    await set(-1);
    await until(client, await client.submit(six), allEnded);
  }, 300_000);

  it('requeues the element of a node that is lost', async () => {
    const script = `echo "life \${SLURM_RESTART_COUNT:-0}"; [ -n "$SLURM_RESTART_COUNT" ] || sleep 600`;
    const job = await client.submit(array('lost', script, 1));
    await until(client, job, () => existsSync(logFile(logDir, job, 0)) && log(job, 0) !== '');
    await slurm.kill('slurmd');
    await until(client, job, (now) => now.get(0)!.kind === 'pending');
    await slurm.start('slurmd');
    const states = await until(client, job, allEnded);
    expect(states.get(0)).toEqual({ kind: 'completed' });
    expect(log(job, 0)).toMatch(/^life 0\n(?:.*\n)*life 1\n$/);
  }, 300_000);

  it('tells an element before its time is over, then ends it', async () => {
    const states = await until(client, limited, allEnded);
    expect(states.get(0)).toEqual({ kind: 'failed', failure: 'timeout', said: 'TIMEOUT' });
    expect(log(limited, 0)).toMatch(/^told\n/);
  }, 300_000);

  it('does not wait for a controller that is away', async () => {
    const job = await client.submit(array('away', 'sleep 1', 1));
    await slurm.kill('slurmctld', 'TERM');
    const impatient = new SlurmClient({ environment: slurm.environment, timeoutMs: 1000 });
    const calls = [impatient.states([job]), impatient.cancel(job), impatient.limits()];
    for (const call of calls) await expect(call).rejects.toThrow(NotNow);
    await expect(impatient.submit(array('late', 'true', 1))).rejects.toThrow(NotNow);
    await slurm.start('slurmctld');
    expect((await until(client, job, allEnded)).get(0)).toEqual({ kind: 'completed' });
  }, 300_000);
});

describe.skipIf(!SLURM)(`a Slurm of one node, without accounting${whyNoSlurm}`, () => {
  const slurm = oneNodeSlurm([processors(8), 'MinJobAge=2'], { accounting: false });

  it('elements whose end nobody has seen are unknown once it has forgotten them', async () => {
    const logDir = join(slurm.folder, 'logs');
    const client = new SlurmClient({ environment: slurm.environment });
    const job = await client.submit({
      name: 'forgotten',
      indices: [0, 1],
      parallel: null,
      resources: RESOURCES,
      command: ['/bin/true'],
      logDir,
    });
    const isForgotten = () =>
      slurm.command('squeue', '-h', '-t', 'all', '-j', job).then(
        () => false,
        () => true,
      );
    while (!(await isForgotten())) await delay(300);
    const unknown = { kind: 'unknown', said: 'gone from the queue; no accounting answers' };
    expect((await client.states([job])).get(job)).toEqual(new Map([0, 1].map((index) => [index, unknown])));
    expect(await client.limits()).toEqual({ maxArraySize: 1001, maxSubmit: null });
  }, 300_000);
});
