import { expect, it, vi } from 'vitest';
import { renderPage } from '../../harness/report/html/page.ts';
import { makeSource } from './fixture.ts';

vi.mock('../../harness/report/charts/draw.ts', () => ({
  drawChart: () => {
    throw new Error("Cannot find module '<canvas>'\nRequire stack:\n- /home/someone");
  },
}));

it('a chart that cannot be drawn leaves its reason and its numbers, and the rest of the report', async () => {
  const page = await renderPage(makeSource());
  expect(page).toContain('<table class="results">');
  const [, note] = /<p class="note">(This chart could .*?)<\/p>/.exec(page)!;
  expect(note).toBe(
    'This chart could not be drawn: Cannot find module &#39;&lt;canvas&gt;&#39;. ' +
      'Its numbers: bicubic: 16.56; LDPS: 21.88; GML-DPS: 21.89; PSLD: 22.31; P2L: 23.17.',
  );
});
