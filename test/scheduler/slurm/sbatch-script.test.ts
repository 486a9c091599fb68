import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../harness/errors.ts';
import type { ArrayJob } from '../../../harness/scheduler/slurm/cluster.ts';
import { sbatchArguments, sbatchScript } from '../../../harness/scheduler/slurm/sbatch-script.ts';
import { NOTHING_ASKED } from '../../plan/resources.ts';
import { HOSTILE } from '../../text/hostile.ts';

const PLAIN: ArrayJob = {
  name: 'tweedie-table',
  indices: [0, 1, 2, 3, 7],
  parallel: 50,
  resources: NOTHING_ASKED,
  command: ['/opt/node/bin/node', '/opt/tweedie/main.js', 'element', '/data/results/slurm/1'],
  logDir: '/data/results/slurm/1/logs',
};

describe('the script of an array', () => {
  it('says what elements run, how they are told of their end, and that they may be run again', () => {
    expect(sbatchScript(PLAIN)).toBe(`#!/bin/bash
#SBATCH --job-name=tweedie-table
#SBATCH --array=0-3,7%50
#SBATCH --output=/data/results/slurm/1/logs/%A_%a.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR2@120

exec /opt/node/bin/node /opt/tweedie/main.js element /data/results/slurm/1 "$SLURM_ARRAY_TASK_ID"
`);
  });

  it('asks for the resources and has the set-up lines before the program', () => {
    const resources = {
      partition: 'gpu',
      account: 'mine',
      gres: 'gpu:1',
      time: '0-04:00:00',
      mem: '48G',
      cpus: 8,
      setup: ['module load cuda/12.4', 'source env.sh'],
      args: ['--qos=normal', '--exclusive', '--comment=our own #1'],
    };
    const script = sbatchScript({ ...PLAIN, parallel: null, resources });
    expect(script.split('\n').slice(2)).toEqual([
      '#SBATCH --array=0-3,7',
      '#SBATCH --output=/data/results/slurm/1/logs/%A_%a.log',
      '#SBATCH --open-mode=append',
      '#SBATCH --requeue',
      '#SBATCH --signal=B:USR2@120',
      '#SBATCH --partition=gpu',
      '#SBATCH --account=mine',
      '#SBATCH --gres=gpu:1',
      '#SBATCH --time=0-04:00:00',
      '#SBATCH --mem=48G',
      '#SBATCH --cpus-per-task=8',
      '#SBATCH --qos=normal',
      '#SBATCH --exclusive',
      '#SBATCH --comment="our own #1"',
      '',
      'module load cuda/12.4',
      'source env.sh',
      'exec /opt/node/bin/node /opt/tweedie/main.js element /data/results/slurm/1 "$SLURM_ARRAY_TASK_ID"',
      '',
    ]);
    expect(sbatchArguments({ ...PLAIN, resources })).toContain('--comment=our own #1');
  });

  it("escapes in the logs' path what Slurm would replace", () => {
    const logDir = '/data/100%a of "them"';
    expect(sbatchScript({ ...PLAIN, logDir })).toContain('--output="/data/100%%a of \\"them\\"/%A_%a.log"\n');
    expect(sbatchArguments({ ...PLAIN, logDir })).toContain('--output=/data/100%%a of "them"/%A_%a.log');
  });

  it.each(['/data/a\\b', '/data/a\nb'])('is refused where Slurm cannot write logs: %j', (logDir) => {
    expect(() => sbatchScript({ ...PLAIN, logDir })).toThrow(UserError);
  });

  it('holds no line that an option has smuggled in', () => {
    expect(() => sbatchScript({ ...PLAIN, name: 'a\nrm -r /' })).toThrow('line break');
  });

  const words = [
    ...HOSTILE,
    '',
    '-n',
    '$(touch pwned)',
    '`touch pwned`',
    "it's",
    '!!',
    '~',
    '*',
    'a\nb',
  ].filter((word) => !word.includes('\0'));
  it.each(words)('hands its program the word %j as it is', (word) => {
    // printf writes its arguments, each in a line of its own that ends with a mark.
    const command = ['/usr/bin/printf', '%s<\n', word];
    const script = sbatchScript({ ...PLAIN, command });
    execFileSync('bash', ['-n'], { input: script });
    const env = { PATH: process.env.PATH, SLURM_ARRAY_TASK_ID: '7' };
    expect(execFileSync('bash', { input: script, env, encoding: 'utf8' })).toBe(
      `${Buffer.from(word).toString()}<\n7<\n`,
    );
  });
});
