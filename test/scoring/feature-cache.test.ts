import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FeatureCache } from '../../harness/scoring/feature-cache.ts';
import { temporaryFolder } from '../store/example.ts';

const PICTURE = 'ab'.repeat(32);
const FEATURES = Float32Array.of(1, -2.5, 3e-9);

/** A cache with the features of one picture, and their file. */
async function kept() {
  const dir = temporaryFolder();
  const cache = new FeatureCache(dir, { network: 'small' }, 3);
  await cache.write(PICTURE, FEATURES);
  const [path] = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.f32'),
  );
  return { cache, file: join(dir, path!) };
}

it('features are read as they were written', async () => {
  const { cache } = await kept();
  expect(cache.has(PICTURE)).toBe(true);
  expect(cache.read(PICTURE)).toEqual(FEATURES);
});

it.each<[string, (file: string) => void]>([
  [
    'a changed byte',
    (file) => {
      const bytes = readFileSync(file);
      bytes[5]! ^= 1;
      writeFileSync(file, bytes);
    },
  ],
  ['a file cut short', (file) => writeFileSync(file, readFileSync(file).subarray(0, 12))],
  [
    'a folder in its place',
    (file) => {
      rmSync(file);
      mkdirSync(file);
    },
  ],
  [
    'a FIFO in its place',
    (file) => {
      rmSync(file);
      execFileSync('mkfifo', [file]);
    },
  ],
])('%s: they are missing, and never read as something else', async (_, damage) => {
  const { cache, file } = await kept();
  damage(file);
  expect(cache.has(PICTURE)).toBe(false);
  expect(() => cache.read(PICTURE)).toThrow(`${file}: missing or damaged; the same command makes it again`);
});
