import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { removeLeftovers } from '../../harness/scheduler/leftovers.ts';
import { temporaryFolder } from '../store/example.ts';

/** Above what any system gives (2^22 on Linux). */
const NOBODY = 2 ** 22 + 1;

it('half-written files of processes of this machine that are gone are removed, and nothing else', () => {
  const dir = temporaryFolder();
  const left = [
    `images/ab/x.png.${NOBODY}.tmp`,
    `features/e/ab/x.f32.${NOBODY}.tmp`,
    `records/ab/x.json.${NOBODY}@${hostname().replaceAll(/[^A-Za-z0-9-]/g, '-')}.tmp`,
  ];
  const kept = [
    'images/ab/x.png',
    `tensors/ab/x.safetensors.${process.pid}.tmp`,
    'images/ab/x.tmp',
    `images/ab/y.png.${NOBODY}@another-machine.tmp`,
    `notes.${NOBODY}.tmp`,
    `other/x.${NOBODY}.tmp`,
  ];
  for (const file of [...left, ...kept]) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), '');
  }
  expect(removeLeftovers(dir)).toBe(left.length);
  expect([...left, ...kept].filter((file) => existsSync(join(dir, file)))).toEqual(kept);
});
