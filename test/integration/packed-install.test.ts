import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';
import { awkwardFolder, EXPERIMENT, output, warningsOf } from './commands.ts';

const SQLITE = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';

describe('the package as npm pack makes it, in the folder of another program', () => {
  const folder = awkwardFolder();
  const bare = join(folder, 'without scripts');
  const tweedie = (home: string, ...args: string[]) =>
    output(folder, join(home, 'node_modules/.bin/tweedie'), ...args);
  let tarball: string;

  beforeAll(async () => {
    await output(PACKAGE_ROOT, 'npm', 'pack', '--pack-destination', folder);
    tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!);
    mkdirSync(bare);
    for (const home of [folder, bare]) writeFileSync(join(home, 'package.json'), '{ "private": true }');
    writeFileSync(join(folder, 'tiny.yaml'), EXPERIMENT);
  }, 600_000);

  it('installs from the npm registry alone; npm asks about no script but these', async () => {
    const warnings = warningsOf(await output(folder, 'npm', 'install', tarball));
    const named = warnings.flatMap((line) => /install-scripts {3}(\S+)@/.exec(line)?.[1] ?? []);
    // Late versions of npm 11 list what has install scripts, and run them; others say nothing.
    expect(warnings.filter((line) => !line.startsWith('npm warn install-scripts'))).toEqual([]);
    if (named.length > 0) expect(named).toEqual(['better-sqlite3', 'core-js']);
  }, 900_000);

  it('is a sound tree in which charts are drawn by @napi-rs/canvas', async () => {
    expect(await output(folder, 'npm', 'ls', '--all')).not.toMatch(/invalid|missing|extraneous/);
    const canvas = join(folder, 'node_modules/tweedie/node_modules/canvas/index.js');
    expect(readFileSync(canvas, 'utf8')).toContain("require('@napi-rs/canvas/");
  });

  it('prints its help, finds nothing broken, runs and reports with charts', async () => {
    expect(await tweedie(folder)).toContain('tweedie run');
    const findings = JSON.parse(await tweedie(folder, 'doctor', '--json')) as { state: string }[];
    expect(findings.filter(({ state }) => state === 'broken')).toEqual([]);
    await tweedie(folder, 'run', 'tiny.yaml');
    expect(charts(join(folder, 'reports/tiny.html'))).toEqual(DRAWN);
  }, 300_000);

  it('draws them also where npm 10 was forbidden to run any script', async () => {
    await output(bare, 'npx', '--yes', 'npm@10', 'install', '--ignore-scripts', tarball);
    // SQLite's binary is what its script would have fetched or compiled.
    mkdirSync(join(bare, SQLITE, '..'), { recursive: true });
    copyFileSync(join(folder, SQLITE), join(bare, SQLITE));
    await tweedie(bare, 'report', 'tiny', '--out', 'bare.html');
    expect(charts(join(folder, 'bare.html'))).toEqual(DRAWN);
  }, 600_000);
});

/** The dots of its two metrics, and the first against its cost. */
const DRAWN = { drawn: 3, undrawn: 0 };

function charts(file: string) {
  const page = readFileSync(file, 'utf8');
  const count = (text: string) => page.split(text).length - 1;
  return { drawn: count('<img class="on-light"'), undrawn: count('This chart could not be drawn') };
}
