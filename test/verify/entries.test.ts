import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { entries } from '../../harness/verify/entries/index.ts';
import { jittered } from '../../harness/verify/jitter.ts';
import { apart } from '../support/apart.ts';

it('docs/verify.md lists every entry, and no other', () => {
  const text = readFileSync(join(packageRoot, 'docs/verify.md'), 'utf8');
  const table = text.slice(text.indexOf('| entry |'), text.indexOf('**Assets**'));
  const named = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  );
  expect(named.sort()).toEqual([...entries.keys()].sort());
});

it('moves numbers by one float32 step at most, another way each time, and leaves zeros', () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => (i % 10) * (i % 2 ? -0.1 : 0.1));
  const [first, second] = [jittered(values, 1), jittered(values, 2)];
  const steps = first.map((v, i) => Math.abs(v - values[i]!) / (2 ** -23 * Math.abs(values[i]!) || 1));
  expect(Math.max(...steps)).toBeLessThanOrEqual(1);
  const moved = first.filter((v, i) => v !== values[i]).length;
  expect(moved).toBeGreaterThan(400);
  expect(moved).toBeLessThan(800);
  expect(apart(first, second)).toBeGreaterThan(0);
  for (const [i, v] of values.entries()) if (v === 0) expect(first[i]).toBe(0);
});
