import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cellsAddress, writeCellPages } from '../../harness/report/cell-files.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { saveFailure, startRun } from '../../harness/store/writes.ts';
import {
  exampleCell,
  exampleExperiment,
  exampleRun,
  temporaryFolder,
  temporaryStore,
} from '../store/example.ts';

it('every cell has a page of its own, failed ones with their message and log; what is no page is not replaced', async () => {
  const store = temporaryStore();
  const cells = [exampleCell({ key: 'a' }), exampleCell({ key: 'b', item: 'test/1' })] as const;
  registerExperiment(store, exampleExperiment(cells, { name: 'example' }));
  startRun(store, 'example', exampleRun);
  saveFailure(store, {
    cellKey: 'b',
    kind: 'nan',
    message: 'NaN in <b>step</b> 3',
    logTail: 'its last words',
  });
  const dir = join(temporaryFolder(), 'pages');
  expect(await writeCellPages(store, 'example', dir)).toBe(2);
  expect(await writeCellPages(store, 'example', dir)).toBe(2);
  expect(readdirSync(dir).sort()).toEqual(['a.html', 'b.html']);
  const page = readFileSync(join(dir, 'b.html'), 'utf8');
  expect(page).toContain('NaN in &lt;b&gt;step&lt;/b&gt; 3');
  expect(page).toContain('its last words');
  writeFileSync(join(dir, 'a.html'), 'my notes');
  await expect(writeCellPages(store, 'example', dir)).rejects.toThrow('a.html');
});

it.each([
  ['reports/demo.html', 'cells', '../cells/*.html'],
  ['reports/demo.html', 'reports/demo cells', 'demo%20cells/*.html'],
  ['demo.html', 'a*b#c', 'a%2Ab%23c/*.html'],
  ['reports/demo.html', 'reports', '*.html'],
])('a report %s leads to pages in %s by %s', (file, dir, address) => {
  expect(cellsAddress(file, dir)).toBe(address);
});
