import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPage } from '../../harness/report/html/page.ts';
import { makeSource, sweepMethods, withImages } from '../report/fixture.ts';
import { type Browser, CHROMIUM, hasChromium } from './chromium.ts';
import { OpenReport } from './open-report.ts';

if (!hasChromium) console.warn(`there is no ${CHROMIUM}: the report is not opened in a browser`);

describe.skipIf(!hasChromium)('the report, opened from disk in chromium', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-browser-'));
  let report: OpenReport;
  let browser: Browser;

  beforeAll(async () => {
    const charts = [{ kind: 'sweep' as const, x: 'p2l.promptSteps', y: ['psnr'] }];
    const source = await withImages(makeSource({ items: 2, compared: sweepMethods, charts }), dir);
    const file = join(dir, 'report.html');
    writeFileSync(file, await renderPage(source));
    report = await OpenReport.open(file);
    browser = report.browser;
  }, 120_000);

  afterAll(async () => {
    await report?.close();
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

  it('says below each picture how to come to its cell', async () => {
    const commands = `[...document.querySelectorAll('#panels figcaption .command')].map((code) => code.textContent)`;
    const found = await browser.evaluate<string[]>(commands);
    const results = `document.querySelectorAll('.gallery')[0].querySelectorAll('tbody tr:first-child [data-cell]').length`;
    expect(found).toHaveLength(await browser.evaluate(results));
    for (const command of found) expect(command).toMatch(/^tweedie show [0-9a-f]{12} --html cell\.html$/);
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

  const firstMethod = `document.querySelector('.results tbody tr .name').textContent`;
  const click = (selector: string) => browser.evaluate(`document.querySelector('${selector}').click()`);
  const choose = (selector: string, value: string) =>
    browser.evaluate(`(() => {
      const select = document.querySelector('${selector}');
      select.value = '${value}';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    })()`);

  it('sorts a table by a metric: best first, worst first, as it was', async () => {
    const original = await browser.evaluate(firstMethod);
    const values = `[...document.querySelector('#task-1 .results').querySelectorAll('tbody tr')].map((tr) => Number.parseFloat(tr.querySelector('.mean .value').textContent))`;
    const button = '#task-1 .results th.group .sort';
    await click(button);
    const best = await browser.evaluate<number[]>(values);
    expect(best).toEqual([...best].sort((a, b) => b - a));
    expect(await browser.evaluate(`document.querySelector('#task-1 th.group').ariaSort`)).toBe('descending');
    await click(button);
    expect(await browser.evaluate(values)).toEqual([...best].reverse());
    await click(button);
    expect(await browser.evaluate(firstMethod)).toBe(original);
  });

  it('orders the gallery by a metric of a method, and by the difference of two', async () => {
    const items = `[...document.querySelectorAll('#task-1 .gallery tbody tr')].map((tr) => tr.dataset.item)`;
    const original = await browser.evaluate<string[]>(items);
    const scores = (column: number) =>
      `[...document.querySelectorAll('#task-1 .gallery tbody tr')].map((tr) => JSON.parse(tr.cells[${column}].querySelector('.score').dataset.values)[0])`;
    const [by, of, less] = [
      '#task-1 .filter label:nth-of-type(1) select',
      '#task-1 .filter label:nth-of-type(2) select',
      '#task-1 .filter label:nth-of-type(3) select',
    ];
    await choose(by, '0');
    await choose(of, '4');
    const own = await browser.evaluate<number[]>(scores(4));
    expect(own).toEqual([...own].sort((a, b) => b - a));
    await choose(less, '5');
    const [four, five] = [
      await browser.evaluate<number[]>(scores(4)),
      await browser.evaluate<number[]>(scores(5)),
    ];
    const differences = four.map((value, i) => value - five[i]!);
    expect(differences).toEqual([...differences].sort((a, b) => b - a));
    await choose(by, '');
    expect(await browser.evaluate(items)).toEqual(original);
  });

  it('puts two methods under one slider, and shows errors on one fixed scale', async () => {
    await click('.gallery td:nth-of-type(3) button');
    await browser.press('s');
    const panels = `document.querySelectorAll('#panels figure').length`;
    expect(await browser.evaluate(panels)).toBe(1);
    expect(await browser.evaluate(`document.querySelectorAll('#panels img').length`)).toBe(2);
    expect(await browser.evaluate(`document.getElementById('side-a').selectedOptions[0].text`)).toBe('Truth');
    await browser.evaluate(
      `(() => { const range = document.getElementById('divide'); range.value = 20; range.oninput(); })()`,
    );
    expect(await browser.evaluate(`document.querySelector('.over').style.clipPath`)).toContain('20%');
    await browser.press('s');
    const sources = `[...document.querySelectorAll('#panels img')].map((img) => img.src)`;
    const pictures = await browser.evaluate<string[]>(sources);
    await browser.press('e');
    const errors = await browser.evaluate<string[]>(sources);
    expect(errors).toHaveLength(pictures.length);
    expect(errors.filter((source) => pictures.includes(source)).length).toBeLessThan(2);
    const black = `(async () => {
      const img = document.querySelector('#panels img');
      await img.decode();
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d');
      context.drawImage(img, 0, 0);
      return Math.max(...context.getImageData(0, 0, 16, 16).data.filter((_, i) => i % 4 < 3));
    })()`;
    expect(await browser.evaluate(black)).toBe(0);
    await browser.press('e');
    await browser.click('#viewer-close');
  });

  it('shows restorations on a telephone, and no page that scrolls sideways', async () => {
    const right = `document.querySelector('.gallery tbody td:nth-of-type(4) img').getBoundingClientRect().right`;
    expect(await report.at<number>(390, right)).toBeLessThanOrEqual(390);
    expect(await report.at<number>(390, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });

  it('has room for its metrics with their differences at 1,400 pixels', async () => {
    const wider = `[...document.querySelectorAll('.scroll > .results')].map((table) => table.parentElement).filter((box) => box.scrollWidth > box.clientWidth).length`;
    expect(await report.at<number>(1400, wider)).toBe(0);
  });

  it.each(['light', 'dark'] as const)(
    'has no fault that axe finds, %s',
    async (theme) => {
      expect(await report.faults(theme)).toEqual([]);
    },
    60_000,
  );

  it('has asked for nothing but itself, and no script or policy has complained', () => {
    expect(report.requests).toEqual([report.address]);
    expect(report.complaints).toEqual([]);
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
