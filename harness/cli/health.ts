import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { listDevices } from '../engine/device.ts';
import { fileSystemOf } from '../file-system.ts';
import { packageInfo } from './package-info.ts';

/** One part of the machine. A missing part is optional; a broken one must be put right. */
export interface Finding {
  readonly state: 'ok' | 'missing' | 'broken';
  readonly part: string;
  readonly detail: string;
  /** The command that puts it right. */
  readonly remedy?: string;
}

/** Looks at everything the harness stands on, by using it. */
export async function examine(results: string): Promise<Finding[]> {
  const native = await Promise.all([
    attempt('onnxruntime-node', 'npm install', async () => {
      const { listSupportedBackends } = await import('../engine/onnx/runtime.ts');
      return `providers in this build: ${listSupportedBackends()
        .map(({ name }) => name)
        .join(', ')}`;
    }),
    attempt('SQLite (better-sqlite3)', 'npm rebuild better-sqlite3', async () => {
      const { Connection } = await import('../store/connection.ts');
      const db = new Connection(':memory:');
      const version = db.prepare('SELECT sqlite_version()').pluck().get();
      db.close();
      return `SQLite ${version}`;
    }),
    attempt('pictures (sharp)', 'npm install', async () => {
      const { default: sharp } = await import('sharp');
      await sharp({ create: { width: 1, height: 1, channels: 3, background: 'black' } })
        .png()
        .toBuffer();
      return `libvips ${sharp.versions.vips}`;
    }),
    attempt('charts (chartjs-node-canvas)', 'npm install', async () => {
      const { ChartJSNodeCanvas } = await import('chartjs-node-canvas');
      const canvas = new ChartJSNodeCanvas({ width: 8, height: 8 });
      return `a test picture of ${canvas.renderToBufferSync({ type: 'line', data: { datasets: [] } }).length} bytes`;
    }),
  ]);
  const devices = (await listDevices()).map(
    ({ name, available, detail, precisions, install }): Finding => ({
      state: available ? 'ok' : 'missing',
      part: `device ${name}`,
      detail: available ? `${detail}; ${precisions.join(', ')}` : detail,
      ...(install ? { remedy: install } : {}),
    }),
  );
  return [nodeVersion(), packages(), ...native, resultsFolder(results), ...devices];
}

function resultsFolder(results: string): Finding {
  const { name, isShared, locksHereOnly } = fileSystemOf(results);
  const mode = isShared
    ? 'SQLite with a rollback journal, one machine at a time writes'
    : 'SQLite with write-ahead logging';
  const locks = locksHereOnly === null ? '' : `; locks are seen on this machine only (${locksHereOnly})`;
  return { state: 'ok', part: 'results folder', detail: `${resolve(results)}, on ${name}: ${mode}${locks}` };
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const supported = major > 20 || (major === 20 && minor >= 11);
  return {
    state: supported ? 'ok' : 'broken',
    part: 'Node.js',
    detail: `${process.versions.node} on ${process.platform}/${process.arch}; supported: ${packageInfo().engines.node}`,
  };
}

function packages(): Finding {
  const names = Object.keys(packageInfo().dependencies);
  const missing = names.filter((name) => manifest(name) === undefined);
  if (missing.length > 0) {
    return {
      state: 'broken',
      part: 'packages',
      detail: `missing: ${missing.join(', ')}`,
      remedy: 'npm install',
    };
  }
  const version = (name: string) =>
    (JSON.parse(readFileSync(manifest(name)!, 'utf8')) as { version: string }).version;
  const detail = names.map((name) => `${name} ${version(name)}`).join('\n');
  return { state: 'ok', part: 'packages', detail };
}

/** Where Node finds a package: in our own node_modules, or in those of the folder that we are installed in. */
function manifest(name: string): string | undefined {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return folders.map((folder) => join(folder, name, 'package.json')).find((file) => existsSync(file));
}

async function attempt(part: string, remedy: string, use: () => Promise<string>): Promise<Finding> {
  try {
    return { state: 'ok', part, detail: await use() };
  } catch (error) {
    return { state: 'broken', part, detail: (error as Error).message.split('\n')[0]!, remedy };
  }
}
