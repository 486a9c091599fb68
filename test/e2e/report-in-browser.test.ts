import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPage } from '../../harness/report/html/page.ts';
import { makeSource, sweepMethods, withImages } from '../report/fixture.ts';
import { Browser, CHROMIUM, hasChromium } from './chromium.ts';

if (!hasChromium) console.warn(`there is no ${CHROMIUM}: the report is not opened in a browser`);

describe.skipIf(!hasChromium)('the report, opened from disk in chromium', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-browser-'));
  const complaints: unknown[] = [];
  const requests: string[] = [];
  let page: string;
  let browser: Browser;

  beforeAll(async () => {
    const charts = [{ kind: 'sweep' as const, x: 'p2l.promptSteps', y: ['psnr'] }];
    const source = await withImages(makeSource({ items: 2, compared: sweepMethods, charts }), dir);
    const file = join(dir, 'report.html');
    writeFileSync(file, await renderPage(source));
    page = pathToFileURL(file).href;
    browser = await Browser.start();
    browser.on(['Runtime.exceptionThrown', 'Runtime.consoleAPICalled', 'Log.entryAdded'], (event) =>
      complaints.push(event),
    );
    browser.on(['Network.requestWillBeSent'], ({ request }) => {
      const { url } = request as { url: string };
      if (!url.startsWith('data:')) requests.push(url);
    });
    await browser.open(page);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const shown = () => browser.evaluate<boolean>(`document.getElementById('viewer').open`);

  it('shows its tables, and every picture and chart', async () => {
    expect(await browser.evaluate(`document.querySelector('h1').textContent`)).toBe('made-up fixture');
    expect(await browser.evaluate(`document.querySelectorAll('.gallery').length`)).toBe(3);
    const broken = `[...document.images].filter((image) => image.naturalWidth === 0).length`;
    expect(await browser.evaluate(broken)).toBe(0);
    expect(await browser.evaluate(`document.images.length`)).toBeGreaterThan(3);
  });

  it('opens the zoom on the picture that is clicked, with a panel for each method', async () => {
    expect(await shown()).toBe(false);
    await browser.click('.gallery td:nth-of-type(2) button');
    expect(await shown()).toBe(true);
    const panels = await browser.evaluate<number>(`document.querySelectorAll('#panels figure').length`);
    const columns = `document.querySelector('.gallery tbody tr').querySelectorAll('td').length`;
    expect(panels).toBe(await browser.evaluate(columns));
    expect(
      await browser.evaluate(
        `[...document.querySelectorAll('#panels figure')].findIndex((f) => f.className === 'chosen')`,
      ),
    ).toBe(1);
  });

  it('zooms by key, goes on to the next image, and closes', async () => {
    const scale = `document.querySelector('#panels img').style.transform`;
    expect(await browser.evaluate(scale)).toContain('scale(1)');
    await browser.press('+');
    expect(await browser.evaluate(scale)).toContain('scale(1.5)');
    const item = `document.getElementById('viewer-item').textContent`;
    const first = await browser.evaluate(item);
    await browser.press('ArrowRight');
    expect(await browser.evaluate(item)).not.toBe(first);
    await browser.click('#viewer-close');
    expect(await shown()).toBe(false);
  });

  describe('a chart', () => {
    /** What is said of the first chart once it is live; `chart` is Chart.js's. */
    const ofChart = (expression: string) =>
      browser.evaluate(`(async () => {
        const plot = document.querySelector('.plot');
        plot.scrollIntoView({ block: 'center', behavior: 'instant' });
        for (let i = 0; i < 100 && !plot.classList.contains('drawn'); i++) await new Promise((r) => setTimeout(r, 50));
        const canvas = plot.querySelector('canvas'), chart = Chart.getChart(canvas);
        const pause = () => new Promise((r) => setTimeout(r, 150));
        const mouse = (type, { x, y }) => {
          const box = canvas.getBoundingClientRect();
          canvas.dispatchEvent(new MouseEvent(type, { clientX: box.left + x, clientY: box.top + y, bubbles: true }));
          return pause();
        };
        return ${expression};
      })()`);

    it('is live in the place of its picture, which stays for print', async () => {
      expect(await ofChart(`getComputedStyle(plot.querySelector('.on-light')).display`)).toBe('none');
      const inked = `canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((v) => v > 0)`;
      expect(await ofChart(inked)).toBe(true);
    });

    it('tells the values under the pointer', async () => {
      const told = `(await mouse('mousemove', chart.getDatasetMeta(0).data[2]), chart.tooltip.body[0].lines)`;
      expect(await ofChart(told)).toEqual([
        'P2L',
        'P2L  promptSteps: 3',
        expect.stringMatching(/^PSNR \(dB\) ↑: \d\d\.\d\d \[/),
      ]);
    });

    it('hides what is clicked in its legend', async () => {
      const box = `(({ left, top, width, height }) => ({ x: left + width / 2, y: top + height / 2 }))(chart.legend.legendHitBoxes[1])`;
      expect(await ofChart(`chart.isDatasetVisible(1)`)).toBe(true);
      expect(await ofChart(`(await mouse('click', ${box}), chart.isDatasetVisible(1))`)).toBe(false);
    });

    it('changes its colours with the page', async () => {
      const colour = `chart.data.datasets[0].borderColor`;
      const before = await ofChart(colour);
      await browser.click('#theme');
      expect(await ofChart(`(await pause(), Chart.getChart(canvas).data.datasets[0].borderColor)`)).not.toBe(
        before,
      );
      await browser.click('#theme');
    });

    it('has its numbers below it, opened by key, and as a file', async () => {
      const open = `document.querySelector('.chart details').open`;
      await browser.evaluate(`document.querySelector('.chart summary').focus()`);
      expect(await browser.evaluate(open)).toBe(false);
      await browser.press('Enter');
      expect(await browser.evaluate(open)).toBe(true);
      const href = await browser.evaluate<string>(`document.querySelector('.chart a[download]').href`);
      expect(decodeURIComponent(href)).toContain('series,promptSteps,psnr,psnr_low,psnr_high\r\nP2L,0,');
    });
  });

  it('has asked for nothing but itself, and no script or policy has complained', () => {
    expect(requests).toEqual([page]);
    expect(complaints).toEqual([]);
  });

  it('is no wider than its window, however long a name is', async () => {
    const long = 'x'.repeat(3000);
    const compared = [...sweepMethods.slice(0, 2), { solver: long, params: {}, psnr: 20, paper: long }];
    const prior = { name: long, toy: true, weightsSha256: 'a'.repeat(64) };
    const source = makeSource({ items: 1, compared, priors: [prior], baseline: long });
    const file = join(dir, 'wide.html');
    writeFileSync(file, await renderPage(await withImages(source, dir)));
    await browser.open(pathToFileURL(file).href);
    const widths = '(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])(document.documentElement)';
    const [content, view] = await browser.evaluate<[number, number]>(widths);
    expect(content).toBe(view);
  });
});
