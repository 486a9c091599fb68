import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeReport } from '../../harness/report/index.ts';
import { reportFile } from '../../harness/report/report-file.ts';
import { temporaryFolder } from '../store/example.ts';
import { makeSource } from './fixture.ts';

/** A working folder with two folders of results of the same name. */
function workingFolder(): string {
  const folder = temporaryFolder();
  for (const name of ['results', 'a/trial', 'b/trial']) mkdirSync(join(folder, name), { recursive: true });
  return folder;
}

it('a report is replaced by one of the same results folder only; others stand beside it under their names', async () => {
  const folder = workingFolder();
  const written = async (results: string) => {
    const resultsDir = join(folder, results);
    const { path, inTheWay } = reportFile('demo', resultsDir, folder);
    await writeReport({ ...makeSource(), images: [], resultsDir }, { out: path });
    return [path, inTheWay].map((file) => file?.slice(folder.length + 1));
  };
  const usual = 'reports/demo.html';
  expect(await written('results')).toEqual([usual, undefined]);
  expect(await written('results'), 'the same again').toEqual([usual, undefined]);
  expect(await written('a/trial')).toEqual(['reports/demo-in-trial.html', usual]);
  expect(await written('a/trial'), 'the same again').toEqual(['reports/demo-in-trial.html', usual]);
  const [third] = await written('b/trial');
  expect(third).toMatch(/^reports\/demo-in-trial-[0-9a-f]{8}\.html$/);
  expect(readFileSync(join(folder, usual), 'utf8'), 'a report may be given away').not.toContain(folder);
});

it('the report of a version that made no mark is replaced', () => {
  const folder = workingFolder();
  mkdirSync(join(folder, 'reports'));
  writeFileSync(join(folder, 'reports/demo.html'), '<!doctype html><title>demo · Tweedie report</title>');
  expect(reportFile('demo', join(folder, 'results'), folder).inTheWay).toBeNull();
});
