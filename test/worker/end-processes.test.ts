import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { killGroup, killMarked, MARK } from '../../harness/worker/end-processes.ts';

/** A process in a session of its own that waits to be ended. */
async function sleeper(mark: string): Promise<ChildProcess> {
  const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore', env: { [MARK]: mark } });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'spawn');
  return child;
}

describe.runIf(process.platform === 'linux')('processes that have inherited a mark', () => {
  it('are ended wherever they have gone, and no others', async () => {
    const run = `test-${process.pid}.`;
    const [one, two, other] = await Promise.all([
      sleeper(`${run}1.`),
      sleeper(`${run}2.`),
      sleeper('other.'),
    ]);
    const gone = Promise.all([once(one, 'exit'), once(two, 'exit')]);
    expect(killMarked(run).sort()).toEqual([one.pid, two.pid].sort());
    await gone;
    expect(killMarked(run)).toEqual([]);
    expect(other.exitCode ?? other.signalCode).toBeNull();
  });
});

describe('a process group', () => {
  it('is ended as a whole; that it is gone already is fine', async () => {
    const child = await sleeper('group.');
    const gone = once(child, 'exit');
    killGroup(child.pid!);
    expect(await gone).toEqual([null, 'SIGKILL']);
    killGroup(child.pid!);
  });
});
