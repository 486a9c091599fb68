import { spawnSync } from 'node:child_process';

/** What a command took, in seconds. */
export interface Cost {
  readonly wall: number;
  /** User and system, of all its processes. */
  readonly cpu: number;
}

/** Runs a command to its end; throws with what it said if it fails. */
export function timed(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Cost & { readonly stdout: string } {
  const started = performance.now();
  // The shell's own `times` counts those that it has waited for, with their children: the second line is theirs.
  const { status, stdout, stderr } = spawnSync('sh', ['-c', '"$@" || exit 1; times', 'sh', ...command], {
    ...options,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  const lines = stdout.trimEnd().split('\n');
  return {
    wall: (performance.now() - started) / 1000,
    cpu: secondsIn(lines.at(-1)!),
    stdout: lines.slice(0, -2).join('\n'),
  };
}

/** `0m12.34s 0m1.20s`: user and system. */
function secondsIn(line: string): number {
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, m, s]) => sum + 60 * Number(m) + Number(s),
    0,
  );
}
