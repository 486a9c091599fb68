/** The client before programs that print what the test says; test/integration has the real ones. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../harness/errors.ts';
import { type ArrayJob, Full, NotNow } from '../../../harness/scheduler/slurm/cluster.ts';
import { QUEUE_FORMAT } from '../../../harness/scheduler/slurm/queue-rows.ts';
import { logFile } from '../../../harness/scheduler/slurm/sbatch-script.ts';
import { SlurmClient } from '../../../harness/scheduler/slurm/slurm-client.ts';
import { NOTHING_ASKED } from '../../plan/resources.ts';
import { temporaryFolder } from '../../store/example.ts';

/** Notes how it was called, prints what it is to print, and ends so. */
const PROGRAM = `#!/bin/sh
echo "\${0##*/} $*" >> "\${0%/*}/calls"
/usr/bin/env > "$0.env"
/bin/cat > "$0.in"
/bin/cat "$0.err" >&2
/bin/cat "$0.out"
exit $(/bin/cat "$0.code")
`;

let bin: string;
let logDir: string;
let client: SlurmClient;

function prints(program: string, out: string, err = '', code = 0): void {
  const path = join(bin, program);
  writeFileSync(path, PROGRAM);
  chmodSync(path, 0o755);
  writeFileSync(`${path}.out`, out);
  writeFileSync(`${path}.err`, err);
  writeFileSync(`${path}.code`, String(code));
}

const fails = (program: string, err: string, code = 1) => prints(program, '', err, code);

/** What was called since the last time, by program. */
function calls(): string[] {
  const file = join(bin, 'calls');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : [];
  writeFileSync(file, '');
  return lines.map((line) => line.split(' ')[0]!);
}

const WIDTHS = [...QUEUE_FORMAT.matchAll(/:(\d+)/g)].map(([, width]) => Number(width));
const queued = (...elements: (readonly [index: number, word: string, exit?: number])[]) =>
  elements
    .map(([index, word, exit = 0]) =>
      ['7', String(index), word, String(exit), 'n1'].map((text, i) => text.padEnd(WIDTHS[i]!)).join(''),
    )
    .join('\n');

beforeEach(() => {
  bin = temporaryFolder();
  logDir = join(bin, 'logs');
  client = new SlurmClient({ environment: { PATH: bin } });
  prints('sbatch', '7\n');
  prints('scancel', '');
  prints('squeue', '');
  prints('sacct', '');
});

const job = (): ArrayJob => ({
  name: 'table',
  indices: [0, 1],
  parallel: null,
  resources: { ...NOTHING_ASKED, partition: 'gpu' },
  command: ['/bin/true'],
  logDir,
});
const statesOf = async () => Object.fromEntries((await client.states(['7'])).get('7')!);

describe('states', () => {
  beforeEach(async () => {
    await client.submit(job());
    calls();
  });

  it('asks the queue alone as long as it has all elements', async () => {
    prints('squeue', queued([0, 'RUNNING'], [1, 'PENDING']));
    expect(await statesOf()).toEqual({ 0: { kind: 'running', node: 'n1' }, 1: { kind: 'pending' } });
    prints('squeue', queued([0, 'COMPLETED'], [1, 'FAILED', 768]));
    const ended = { 0: { kind: 'completed' }, 1: { kind: 'failed', failure: 'crashed', said: 'FAILED 3:0' } };
    expect(await statesOf()).toEqual(ended);
    expect(calls()).toEqual(['squeue', 'squeue']);
  });

  it('an end that was seen stays one when the queue has forgotten it', async () => {
    prints('squeue', queued([0, 'COMPLETED'], [1, 'COMPLETED']));
    await statesOf();
    calls();
    fails('squeue', 'slurm_load_jobs error: Invalid job id specified\n');
    expect(await statesOf()).toEqual({ 0: { kind: 'completed' }, 1: { kind: 'completed' } });
    expect(calls()).toEqual(['squeue']);
  });

  it('but is none where the element is queued again', async () => {
    prints('squeue', queued([0, 'NODE_FAIL'], [1, 'COMPLETED']));
    await statesOf();
    prints('squeue', queued([0, 'PENDING']));
    expect(await statesOf()).toEqual({ 0: { kind: 'pending' }, 1: { kind: 'completed' } });
  });

  it('looks in the accounting for what has left the queue, and waits for what lags behind', async () => {
    prints('squeue', queued([1, 'RUNNING']));
    prints('sacct', '7_0|RUNNING|0:0|n1\n7_1|RUNNING|0:0|n1\n');
    const running = { kind: 'running', node: 'n1' };
    const said = 'gone from the queue; the accounting still has it running';
    expect(await statesOf()).toEqual({ 0: { kind: 'unknown', said }, 1: running });
    prints('sacct', '7_0|TIMEOUT|0:0|n1\n7_1|RUNNING|0:0|n1\n');
    const timeout = { kind: 'failed', failure: 'timeout', said: 'TIMEOUT' };
    expect(await statesOf()).toEqual({ 0: timeout, 1: running });
    calls();
    expect(await statesOf()).toEqual({ 0: timeout, 1: running });
    expect(calls()).toEqual(['squeue']);
  });

  it.each([
    ['disabled', 'Slurm accounting storage is disabled\n'],
    ['away', 'sacct: error: Problem talking to the database: Connection refused\n'],
  ])('without an accounting (%s) what is gone is unknown', async (_, err) => {
    fails('sacct', err);
    const unknown = { kind: 'unknown', said: 'gone from the queue; no accounting answers' };
    expect(await statesOf()).toEqual({ 0: unknown, 1: unknown });
  });

  it('of an element that was cancelled before its start nobody has a trace: the canceller knows', async () => {
    await client.cancel('7', [1]);
    const unknown = { kind: 'unknown', said: 'gone from the queue; the accounting has no trace of it' };
    const cancelled = { kind: 'failed', failure: 'cancelled', said: 'CANCELLED' };
    expect(await statesOf()).toEqual({ 0: unknown, 1: cancelled });
  });

  it('the log says whether a killed element had too much memory', async () => {
    const line = 'slurmstepd: error: Step 7.batch exceeded memory limit (614400 > 204800), being killed\n';
    writeFileSync(logFile(logDir, '7', 0), `${'step\n'.repeat(5000)}${line}`);
    writeFileSync(logFile(logDir, '7', 1), 'step\n');
    prints('squeue', queued([0, 'FAILED', 9], [1, 'FAILED', 9]));
    expect(await statesOf()).toEqual({
      0: { kind: 'failed', failure: 'oom', said: 'FAILED 0:9' },
      1: { kind: 'failed', failure: 'crashed', said: 'FAILED 0:9' },
    });
  });

  it('asks for all jobs at once, for none not at all', async () => {
    prints('squeue', queued([0, 'RUNNING'], [1, 'RUNNING']));
    expect([...(await client.states(['7', '8'])).keys()]).toEqual(['7', '8']);
    expect(readFileSync(join(bin, 'calls'), 'utf8')).toContain(' -j 7,8 ');
    calls();
    expect(await client.states([])).toEqual(new Map());
    expect(calls()).toEqual([]);
  });

  it('another client asks once for what ended before it came', async () => {
    client = new SlurmClient({ environment: { PATH: bin }, logDirOf: () => logDir });
    prints('squeue', queued([1, 'RUNNING']));
    prints('sacct', '7_0|FAILED|0:9|n1\n7_1|RUNNING|0:0|n1\n');
    writeFileSync(logFile(logDir, '7', 0), 'Detected 1 oom_kill event in StepId=7.batch.\n');
    expect(await statesOf()).toMatchObject({ 0: { kind: 'failed', failure: 'oom' }, 1: { kind: 'running' } });
    await statesOf();
    expect(calls()).toEqual(['squeue', 'sacct', 'squeue']);
  });
});

describe('submit', () => {
  it('hands the script over, with its options as arguments too, and gives the number', async () => {
    prints('sbatch', '123;cluster\n');
    expect(await client.submit(job())).toBe('123');
    const script = readFileSync(join(bin, 'sbatch.in'), 'utf8');
    expect(script.replace(/(--job-name=table)-\w{8}\n/, '$1\n')).toBe(client.script(job()));
    expect(readFileSync(join(bin, 'calls'), 'utf8')).toMatch(
      /^sbatch --parsable .*--array=0-1 .*--partition=gpu/,
    );
  });

  it('keeps from a person what would mislead us, and from a job what is ours', async () => {
    const own = { LC_ALL: 'de_DE.UTF-8', SBATCH_WAIT: '1', SBATCH_ACCOUNT: 'mine', SQUEUE_STATES: 'RUNNING' };
    client = new SlurmClient({ environment: { ...own, PATH: bin } });
    await client.submit(job());
    await client.states(['7']);
    const environment = (program: string) => readFileSync(join(bin, `${program}.env`), 'utf8');
    expect(environment('sbatch')).toMatch(/^LC_ALL=de_DE/m);
    expect(environment('sbatch')).toMatch(/^SBATCH_ACCOUNT=mine/m);
    expect(environment('sbatch')).not.toContain('SBATCH_WAIT');
    expect(environment('squeue')).toMatch(/^LC_ALL=C$/m);
    expect(environment('squeue')).not.toContain('SQUEUE_STATES');
  });

  const POLICY =
    "sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)\n";

  it.each([
    `sbatch: error: AssocMaxSubmitJobLimit\n${POLICY}`,
    `sbatch: error: QOSMaxSubmitJobPerUserLimit\n${POLICY}`,
    `sbatch: error: AssocGrpSubmitJobsLimit\n${POLICY}`,
    'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)\n',
    'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n',
    'sbatch: error: Batch job submission failed: Protocol authentication error\n',
    'sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying\n',
  ])('may work later: %s', async (err) => {
    fails('sbatch', err);
    await expect(client.submit(job())).rejects.toThrow(NotNow);
  });

  it.each([
    [
      'sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid partition name specified\n',
      'sbatch refuses the job: invalid partition specified: nope; Batch job submission failed: Invalid partition name specified',
    ],
    [
      'sbatch: unrecognized option \'--unknown=1\'\nTry "sbatch --help" for more information\n',
      'sbatch refuses the job: unrecognized option \'--unknown=1\'; Try "sbatch --help" for more information',
    ],
    [
      `sbatch: error: AssocMaxWallDurationPerJobLimit\n${POLICY}`,
      expect.stringContaining('AssocMaxWallDurationPerJobLimit'),
    ],
  ])('is refused: %s', async (err, message) => {
    fails('sbatch', err);
    const error = await client.submit(job()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toEqual(message);
  });

  const TIMED_OUT = 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n';

  it('looks before it submits again whether the call without an answer has arrived', async () => {
    fails('sbatch', TIMED_OUT);
    await expect(client.submit(job())).rejects.toThrow(NotNow);
    prints('squeue', '77              \n77              \n');
    expect(await client.submit(job())).toBe('77');
    const [name] = /--job-name=\S+/.exec(readFileSync(join(bin, 'calls'), 'utf8')) ?? [];
    expect(readFileSync(join(bin, 'calls'), 'utf8')).toContain(` -n ${name!.split('=')[1]} `);
    expect(calls()).toEqual(['sbatch', 'squeue']);
    // The next is another job.
    prints('sbatch', '78\n');
    expect(await client.submit(job())).toBe('78');
    expect(calls()).toEqual(['sbatch']);
  });

  it('submits again what has not arrived, under the same name', async () => {
    fails('sbatch', TIMED_OUT);
    await expect(client.submit(job())).rejects.toThrow(NotNow);
    prints('sbatch', '79\n');
    expect(await client.submit(job())).toBe('79');
    const names = readFileSync(join(bin, 'calls'), 'utf8').match(/--job-name=\S+/g);
    expect(new Set(names).size).toBe(1);
    expect(calls()).toEqual(['sbatch', 'squeue', 'sbatch']);
  });

  it('a full queue has taken nothing: nothing is looked for', async () => {
    fails('sbatch', `sbatch: error: AssocMaxSubmitJobLimit\n${POLICY}`);
    await expect(client.submit(job())).rejects.toThrow(Full);
    prints('sbatch', '80\n');
    expect(await client.submit(job())).toBe('80');
    expect(calls()).toEqual(['sbatch', 'sbatch']);
  });

  it('does not wait for a program that hangs', async () => {
    writeFileSync(join(bin, 'sbatch'), '#!/bin/sh\nexec /bin/sleep 600\n');
    client = new SlurmClient({ environment: { PATH: bin }, timeoutMs: 100 });
    await expect(client.submit(job())).rejects.toThrow('sbatch: no answer within 0.1 s');
  });

  it('says where Slurm is missing', async () => {
    client = new SlurmClient({ environment: { PATH: logDir } });
    const error = await client.submit(job()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(/^sbatch: no such program; .*docs\/cluster\.md/);
  });
});

describe('limits', () => {
  beforeEach(() => prints('scontrol', 'MaxArraySize            = 4000001\nMaxJobCount = 10000\n'));

  it.each([
    ['5\n', 5],
    ['\n', null],
    // An account each: which is charged, the cluster may decide.
    ['\n1000\n200\n', 200],
  ])('of associations %j', async (associations, maxSubmit) => {
    prints('sacctmgr', associations);
    expect(await client.limits()).toEqual({ maxArraySize: 4_000_001, maxSubmit });
  });

  it('of the elements of an array, where the scheduler has one of its own', async () => {
    const parameters = 'SchedulerParameters = bf_interval=1,max_array_tasks=300,max_rpc_cnt=1';
    prints('scontrol', `MaxArraySize            = 4000001\n${parameters}\n`);
    expect(await client.limits()).toEqual({ maxArraySize: 300, maxSubmit: null });
  });

  it.each([
    [
      'does not answer',
      () => fails('sacctmgr', 'sacctmgr: error: Sending PersistInit msg: Connection refused\n'),
    ],
    ['is missing', () => {}],
  ])('where sacctmgr %s', async (_, prepare) => {
    prepare();
    expect(await client.limits()).toEqual({ maxArraySize: 4_000_001, maxSubmit: null });
  });
});
