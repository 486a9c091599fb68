import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requeue } from '../../../harness/scheduler/slurm/requeue.ts';
import { temporaryFolder } from '../../store/example.ts';

/** @param script what `scontrol` does; null: there is none */
async function asked(script: string | null): Promise<{ answer: boolean; called: string }> {
  const bin = temporaryFolder();
  const calls = join(bin, 'calls');
  writeFileSync(calls, '');
  if (script !== null) {
    writeFileSync(join(bin, 'scontrol'), `#!/bin/sh\necho "$*" >> ${calls}\n${script}\n`);
    chmodSync(join(bin, 'scontrol'), 0o755);
  }
  const answer = await requeue('12_3', { environment: { PATH: bin }, timeoutMs: 20_000 });
  return { answer, called: readFileSync(calls, 'utf8') };
}

it('asks Slurm to start one element again', async () => {
  expect(await asked('exit 0')).toEqual({ answer: true, called: 'requeue 12_3\n' });
});

it.each([
  ['a cluster forbids it', 'echo "Requested operation is presently disabled" >&2; exit 1'],
  ['the controller is away', 'echo "Unable to contact slurm controller" >&2; exit 1'],
  ['scontrol is ended with the job that it requeues', 'kill -TERM $$'],
  ['a compute node has no scontrol', null],
])('leaves it to whoever follows it where %s', async (_, script) => {
  expect((await asked(script)).answer).toBe(false);
});
