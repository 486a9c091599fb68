import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunRecord } from '../store/records.ts';
import type { Lease } from '../worker/messages.ts';

const PACKAGES = ['onnxruntime-node', '@tensorflow/tfjs', 'better-sqlite3', 'sharp'] as const;

/** Where, when and with what a run is made. */
export function describeRun(leases: readonly Lease[]): RunRecord {
  return {
    started: new Date().toISOString(),
    git: gitState(),
    versions: {
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      ...Object.fromEntries(PACKAGES.map((name) => [name, packageVersion(name)])),
    },
    host: hostname(),
    devices: leases.map(({ device, precision }) =>
      precision === 'float32' ? device : `${device} (${precision})`,
    ),
    argv: process.argv.slice(2),
  };
}

/** The checkout that this program runs from; null where it was installed as a package. */
function gitState(): RunRecord['git'] {
  const cwd = dirname(fileURLToPath(import.meta.url));
  const git = (...args: string[]) =>
    // Without its lock `git status` writes nothing into the checkout.
    execFileSync('git', ['--no-optional-locks', ...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 28,
    });
  try {
    // A checkout of something else may hold our package in its node_modules.
    if (git('ls-files', '--', fileURLToPath(import.meta.url)).length === 0 && cwd.includes('node_modules'))
      return null;
    const diff = git('diff', 'HEAD');
    const dirty = git('status', '--porcelain').length > 0;
    return {
      commit: git('rev-parse', 'HEAD').trim(),
      dirty,
      diffSha256: diff ? createHash('sha256').update(diff).digest('hex') : null,
    };
  } catch {
    return null;
  }
}

function packageVersion(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  const root = entry.slice(
    0,
    entry.lastIndexOf(join('node_modules', name)) + join('node_modules', name).length,
  );
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}
