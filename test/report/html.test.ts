import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPage } from '../../harness/report/html/page.ts';
import type { ReportSource } from '../../harness/report/source.ts';
import { makeSource, sweepMethods, withImages } from './fixture.ts';

const dir = mkdtempSync(join(tmpdir(), 'tweedie-report-'));
afterAll(() => rmSync(dir, { recursive: true }));

let source: ReportSource;
let page: string;
beforeAll(async () => {
  source = await withImages(
    makeSource({
      items: 3,
      compared: sweepMethods,
      charts: [{ kind: 'sweep' as const, x: 'p2l.promptSteps', y: ['psnr'] }],
    }),
    dir,
  );
  page = await renderPage(source);
});

const count = (text: string, piece: string) => text.split(piece).length - 1;

describe('the file', () => {
  it('refers to nothing outside itself', () => {
    expect(page).not.toMatch(/(?:src|href|action|data|poster|srcset)\s*=\s*["']?\s*(?:https?:)?\/\//i);
    // A script's text names addresses too (toDataURL); the policy below is what keeps it from fetching.
    const written = page.replace(/<script>[\s\S]*?<\/script>/g, '');
    expect(written).not.toMatch(/\burl\(\s*["']?(?!["']?data:)/i);
    expect(page).not.toMatch(/@import|<link|<iframe|<object|<embed/i);
    const sources = [...page.matchAll(/\ssrc="([^"]{0,30})/g)];
    expect(sources.length).toBeGreaterThan(0);
    for (const [, target] of sources) expect(target).toMatch(/^data:image\/png;base64,/);
    const links = [...page.matchAll(/\shref="([^"]*)"/g)];
    // A chart's numbers are a file inside the page.
    expect(links.filter(([, target]) => !/^#|^data:text\/csv;/.test(target!))).toEqual([]);
  });

  it('forbids the browser to fetch anything or to run any script but its own', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    expect(policy).toContain('default-src &#39;none&#39;');
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)];
    const hashes = scripts.map(([, script]) => createHash('sha256').update(script!).digest('base64'));
    expect(policy.match(/sha256-[^&]+/g)).toEqual(hashes.map((hash) => `sha256-${hash}`));
  });

  it('is the same for the same input', async () => {
    expect(await renderPage(source)).toBe(page);
  });

  it('tells the date it was given', () => {
    expect(page).toContain('2026-11-21 22:00 UTC');
  });
});

describe('names from files', () => {
  const attack = `"><script>alert('x')</script><img src=x onerror=alert(1)>`;

  it('are never markup, wherever they show', async () => {
    const clean = await renderPage(makeSource());
    const { rows, methods, settings, runs, priors, ...rest } = makeSource();
    const hostile = await renderPage({
      ...rest,
      experiment: attack,
      config: { path: attack, text: attack },
      rows: rows.map((row) => ({
        ...row,
        item: row.item + attack,
        protocol: JSON.stringify({ [attack]: attack }),
      })),
      methods: methods.map((method) => ({ ...method, title: method.title + attack, paper: attack })),
      settings: settings.map((setting) => ({
        ...setting,
        dataset: attack,
        title: attack,
        params: { ...setting.params, [attack]: attack },
      })),
      runs: runs.map((run) => ({
        ...run,
        machine: attack,
        devices: [attack],
        versions: { [attack]: attack },
      })),
      priors: priors.map((prior) => ({ ...prior, name: attack })),
      cells: { planned: 200, done: 120 },
      failures: [
        {
          cell: 'c0',
          method: source.methods[0]!.key,
          setting: source.settings[0]!.key,
          solver: attack,
          params: { [attack]: attack },
          prior: attack,
          task: attack,
          taskParams: { [attack]: attack },
          item: attack,
          seed: 0,
          kind: 'timeout',
          message: attack,
          logTail: attack,
        },
      ],
    });
    expect(hostile).toContain('&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;');
    expect(hostile).not.toContain('<img src=x');
    expect(count(hostile, '<script')).toBe(count(clean, '<script'));
  });
});

describe('what a reader finds', () => {
  it('a table for each task with arrows, ranks, N and the reference', () => {
    expect(count(page, '<table class="results">')).toBe(3);
    expect(page).toContain('<abbr title="higher is better">↑</abbr>');
    expect(count(page, 'class="mean best"')).toBeGreaterThanOrEqual(6);
    expect(count(page, 'class="mean second"')).toBeGreaterThanOrEqual(6);
    expect(page).toContain('Δ LDPS');
    expect(page).toContain('<td class="n">3</td>');
  });

  it('the charts, for light and for dark', () => {
    expect(count(page, '<img class="on-light"')).toBe(3);
    expect(count(page, '<img class="on-dark"')).toBe(3);
  });

  it('truth, measurement and every method of each image, with the score below', () => {
    expect(count(page, '<button type="button" title=')).toBe(3 * 3 * (2 + 6));
    expect(page).toMatch(/title="P2L \(promptSteps=3\), test\/00001: PSNR \d+\.\d\d dB, SSIM 0\.\d{3}"/);
  });

  it('the toy label with a toy prior, and not without', async () => {
    expect(page).toContain('<strong>Toy prior</strong>');
    const priors = source.priors.map((prior) => ({ ...prior, toy: false }));
    expect(await renderPage({ ...source, images: [], priors })).not.toContain('Toy prior');
  });

  it('what has seen the pictures before, and nothing of it where nothing has', async () => {
    expect(page).not.toContain('Seen before');
    const seen = ['prior embedded was trained on <them>'];
    expect(await renderPage({ ...source, images: [], seen })).toContain(
      '<strong>Seen before</strong> prior embedded was trained on &lt;them&gt;.',
    );
  });

  it('config, commit with its dirty flag, versions, devices, protocols and costs', () => {
    expect(page).toContain('name: made-up fixture\nprior: embedded');
    expect(page).toMatch(/0123456789<\/code> <span class="badge dirty"/);
    expect(page).toContain('onnxruntime-node 1.30.0');
    expect(page).toContain('cpu × 2');
    expect(page).toContain('<dt>window</dt><dd>11</dd>');
    expect(page).toContain('<td>5.21 s</td>');
  });

  it('every parameter of every method, also those that no row of its table shows', () => {
    const section = page.slice(page.indexOf('<section id="parameters">'));
    const ldps = source.methods.find(({ name }) => name === 'ldps')!;
    for (const [key, value] of Object.entries(ldps.params)) expect(section).toContain(`${key} ${value}`);
    expect(section).not.toContain('<dt>bicubic</dt>');
  });

  it('whether anything is missing', async () => {
    expect(page).toContain('planned cells have results.');
    expect(page).not.toContain('Partial results');
    const ldps = source.methods.find(({ name }) => name === 'ldps')!.key;
    const kept = source.rows.filter(({ method, item }) => method !== ldps || item !== 'test/00001');
    const failure = {
      cell: 'f00dbabe'.repeat(8),
      method: source.methods[0]!.key,
      setting: source.settings[0]!.key,
      solver: 'ldps',
      params: { omega: 0.5 },
      prior: 'embedded',
      task: 'super-resolution',
      taskParams: { factor: 8 },
      item: 'test/00001',
      seed: 0,
      kind: 'oom',
      message: 'out of memory',
      logTail: 'step 3 of 50\nloss 0.5',
    };
    const partial = await renderPage({
      ...source,
      images: [],
      rows: kept,
      cells: { planned: 54, done: 51 },
      failures: [failure],
    });
    expect(partial).toContain('51 of 54 planned cells have results; 1 failed (1 oom), 2 not yet run');
    expect(partial).toContain('out of memory');
    expect(partial).toContain(
      '<details><summary>log</summary><pre tabindex="0">step 3 of 50\nloss 0.5</pre></details>',
    );
    expect(partial).toContain('>omega=0.5</td><td>embedded</td>');
    expect(partial).toContain('super-resolution (factor=8)');
    expect(partial).toContain('<td class="n">2†</td>');
    expect(partial).toContain('<code class="command">tweedie show f00dbabef00d --html cell.html</code>');
  });

  it('a cell that says so where a method has no result', async () => {
    const rows = source.rows.filter(({ method, metric }) => !method.includes('ldps') || metric !== 'ssim');
    expect(await renderPage({ ...source, images: [], rows })).toContain('no result');
  });

  it("each method's mark as charts have it, in front of its name", () => {
    const marks = (name: string) =>
      [
        ...page.matchAll(
          /<span class="swatch (\w+)" style="--line: ([^"]*)" aria-hidden="true"><\/span>([^<]*)</g,
        ),
      ]
        .filter(([, , , label]) => label === name)
        .map(([, form, colour]) => `${form} ${colour}`);
    expect(new Set(marks('LDPS'))).toEqual(new Set(['circle var(--series-0)']));
    expect(new Set(marks('bicubic'))).toEqual(new Set(['circle var(--muted)']));
    // In the overview, three tasks' tables and their costs.
    expect(marks('LDPS')).toHaveLength(1 + 3 + 3);
  });

  it('the way to the cell of every picture: a command, or its page where it has one', async () => {
    const cells = source.images.flatMap(({ cell }) => cell ?? []);
    expect(cells.length).toBeGreaterThan(0);
    for (const cell of cells) expect(page).toContain(`<td data-cell="${cell}">`);
    expect(page).not.toContain('<meta name="tweedie-cells"');
    expect(await renderPage(source, '/cell/*')).toContain('<meta name="tweedie-cells" content="/cell/*">');
  });

  it('no more pictures than a page can hold, and how many there are', async () => {
    const many = await renderPage(
      await withImages(makeSource({ items: 19, compared: [] }), join(dir, 'many')),
    );
    expect(many).toContain('First 16 of 19 images');
    expect(count(many, '<tr data-item=')).toBe(3 * 16);
  });
});
