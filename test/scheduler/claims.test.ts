import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { identify, type ProcessId } from '../../harness/processes.ts';
import { Claims } from '../../harness/scheduler/claims.ts';
import { runsFolder } from '../../harness/scheduler/run-files.ts';
import { temporaryFolder } from '../store/example.ts';

const [mine, parents] = [identify(process.pid)!, identify(process.ppid)!];

function claims(dir: string, main: ProcessId): Claims {
  const made = new Claims(dir, main);
  onTestFinished(() => made.close());
  return made;
}

it('a cell that a run which is alive has claimed is no other run’s, until it is given back', () => {
  const dir = temporaryFolder();
  const [one, other] = [claims(dir, mine), claims(dir, parents)];
  expect(one.take(['a', 'b'])).toEqual(['a', 'b']);
  expect(other.take(['b', 'c'])).toEqual(['c']);
  expect(one.take(['b'])).toEqual(['b']);
  other.release(['b']);
  expect(other.take(['b'])).toEqual([]);
  one.release(['b']);
  expect(other.take(['b'])).toEqual(['b']);
});

it('a claim of a run that was killed is none', () => {
  const dir = temporaryFolder();
  claims(dir, { ...mine, started: 'long ago' }).take(['a']);
  expect(claims(dir, mine).take(['a'])).toEqual(['a']);
});

it('what is no file of claims is named', () => {
  const dir = temporaryFolder();
  mkdirSync(runsFolder(dir));
  writeFileSync(join(runsFolder(dir), 'claims.sqlite'), 'no database '.repeat(400));
  expect(() => new Claims(dir, mine)).toThrow(/claims\.sqlite: not what runs have written/);
});
