import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';

/** What timings are worth nothing without: machine, date, versions. */
export function describeMachine(threads: number, peers: readonly string[]): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${memory} GiB; ${process.platform} ${process.arch}`,
    `${new Date().toISOString().slice(0, 10)}; ${threads} thread${threads === 1 ? '' : 's'}`,
    [`Node ${process.versions.node}`, `onnxruntime-node ${installed('onnxruntime-node')}`, ...peers].join(
      ', ',
    ),
  ].join('\n');
}

/** Version of an installed package. */
export function installed(name: string): string {
  const manifest = join(PACKAGE_ROOT, 'node_modules', name, 'package.json');
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}
