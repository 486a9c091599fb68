import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../store/example.ts';

/** Puts programs before all others, for one test: a shell's lines by name; Slurm's others print nothing. */
export function slurmPrograms(lines: Readonly<Record<string, string>> = {}): void {
  const bin = temporaryFolder();
  const silent = ['sbatch', 'squeue', 'sacct', 'scancel', 'scontrol', 'sacctmgr'].map((name) => [name, ':']);
  for (const [name, script] of Object.entries({ ...Object.fromEntries(silent), ...lines })) {
    const path = join(bin, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}
