import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readImage, writeImage } from '../../harness/worker/files.ts';
import { temporaryFolder } from '../store/example.ts';

it.each<[string, (file: string) => void]>([
  ['a damaged file', (file) => writeFileSync(file, 'x')],
  [
    'a FIFO',
    (file) => {
      rmSync(file);
      execFileSync('mkfifo', [file]);
    },
  ],
])('a picture that is made again replaces %s', async (_, damage) => {
  const dir = temporaryFolder();
  const image = { width: 2, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) } as const;
  const { path } = await writeImage(dir, image);
  damage(join(dir, path));
  await writeImage(dir, image);
  expect(await readImage(dir, path)).toEqual(image);
});
