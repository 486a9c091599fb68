import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/harness/cli/main.js', import.meta.url));
const EXPERIMENT = `name: traces
prior: embedded
data: { set: toyfaces, split: test, count: 2 }
tasks: [super-resolution]
solvers: [{ ldps: { steps: 2 } }]
`;

const strace = spawnSync('strace', ['-f', '-qq', '-e', 'trace=none', 'true'], { encoding: 'utf8' });
if (strace.status !== 0)
  console.warn(`no system calls can be traced here: ${strace.error?.message ?? strace.stderr.trim()}`);

describe.skipIf(strace.status !== 0)('a run, seen from the system calls of all its processes', () => {
  const root = mkdtempSync(join(tmpdir(), 'tweedie-traces-'));
  const [home, temporary] = [join(root, 'home'), join(root, 'tmp')];
  let calls: string[];

  beforeAll(async () => {
    for (const folder of [home, temporary]) mkdirSync(folder);
    writeFileSync(join(root, 'exp.yaml'), EXPERIMENT);
    const { ORT_DISABLE_TELEMETRY: _, ...inherited } = process.env;
    const places = { HOME: home, XDG_CACHE_HOME: join(home, '.cache'), TMPDIR: temporary };
    const trace = ['-f', '-qq', '-e', 'trace=open,openat,creat,socket,connect', '-o', 'calls'];
    await promisify(execFile)('strace', [...trace, process.execPath, MAIN, 'run', 'exp.yaml'], {
      cwd: root,
      env: { ...inherited, ...places },
    });
    calls = readFileSync(join(root, 'calls'), 'utf8').split('\n');
  }, 300_000);

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is whole: parent and children were seen writing', () => {
    const writers = new Set(
      calls.filter((call) => call.includes('O_CREAT')).map((call) => call.split(' ')[0]),
    );
    expect(writers.size).toBeGreaterThan(1);
    expect(readdirSync(join(root, 'reports'))).toEqual(['traces.html']);
  });

  it('leaves files in results, reports and its own cache folder only', () => {
    const places = ['results', 'reports', 'home/.cache/tweedie'].map((place) => join(root, place, '/'));
    const strays = calls.flatMap((call) => {
      const [, name] = /"([^"]+)".*O_CREAT/.exec(call) ?? [];
      const file = name && resolve(root, name);
      return file && ![...places, '/proc/', '/dev/'].some((place) => file.startsWith(place)) ? [file] : [];
    });
    expect(strays).toEqual([]);
    expect([...readdirSync(temporary), ...readdirSync(home).filter((name) => name !== '.cache')]).toEqual([]);
  });

  it('opens no internet socket and looks up no name', () => {
    expect(calls.filter((call) => /AF_INET|nscd|resolv\.conf/.test(call))).toEqual([]);
  });
});
