import { describe, expect, it } from 'vitest';
import { oneNodeSlurm, SLURM, whyNoSlurm } from '../support/one-node-slurm.ts';

describe.skipIf(!SLURM)(`a Slurm of one node${whyNoSlurm}`, () => {
  const slurm = oneNodeSlurm();

  it('is there', async () => {
    expect(await slurm.command('sinfo', '-h', '-o', '%T')).toBe('idle\n');
    await slurm.kill('slurmd');
    await slurm.start('slurmd');
  });
});
