import { beforeAll, describe, expect, it } from 'vitest';
import { csvTables } from '../../harness/report/csv.ts';
import { renderPage } from '../../harness/report/html/page.ts';
import { terminalTable } from '../../harness/report/index.ts';
import { jsonTables } from '../../harness/report/json.ts';
import { latexTables } from '../../harness/report/latex.ts';
import { markdownTables } from '../../harness/report/markdown.ts';
import { EVERYTHING } from '../../harness/report/printed-table.ts';
import type { ReportSource } from '../../harness/report/source.ts';
import { HOSTILE, unseen } from '../text/hostile.ts';
import { makeSource } from './fixture.ts';
import { hostileSource, names } from './hostile-source.ts';

let source: ReportSource;
beforeAll(() => {
  source = hostileSource();
});

/** Lines of the table's body: the trivial baseline and a method of each name. */
const ROWS = 1 + names.length;

describe('names of every kind', () => {
  it('are text in the terminal, cut in its tables to a line that a person can read', () => {
    const text = terminalTable(source, { styled: false, columns: 400 });
    expect(unseen(text).filter((char) => char !== '\n')).toEqual([]);
    const [table] = text.split('\n\n');
    expect(Math.max(...table!.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(420);
    expect(text).toContain(` ${'x'.repeat(50)}…${'x'.repeat(49)} `);
    expect(text).toContain(' line1\\n\\nline2 | cell ');
  });

  it('are one row each in Markdown, with as many cells as the head', () => {
    const text = markdownTables(source);
    expect(unseen(text).filter((char) => char !== '\n')).toEqual([]);
    const table = text.split('\n').filter((line) => line.startsWith('|'));
    expect(table).toHaveLength(2 + ROWS);
    const cells = table.map((line) => line.replace(/\\[\\|]/g, '').split('|').length - 2);
    expect(new Set(cells)).toEqual(new Set([6]));
    expect(text).toContain(`| ${'x'.repeat(3000)} |`);
  });

  it('are one row each in LaTeX, in ASCII', () => {
    const text = latexTables(source);
    expect(text).toMatch(/^[\n -~]*$/);
    const table = text.split('\n').filter((line) => line.endsWith(' \\\\'));
    expect(table).toHaveLength(1 + ROWS);
    const cells = table.map((line) => line.replace(/\\[\\&]/g, '').split('&').length);
    expect(new Set(cells)).toEqual(new Set([6]));
    expect(text).not.toMatch(/\\(?:input|write)/);
  });

  it('are fields of a CSV file that no spreadsheet computes', () => {
    const records = readCsv(csvTables(source));
    expect(records).toHaveLength(1 + 2 * ROWS);
    expect(new Set(records.map(({ length }) => length))).toEqual(new Set([36]));
    const numeric = /^-?\d+(\.\d+)?(e-?\d+)?$/;
    const formulas = records.flat().filter((field) => /^\s*[=+\-@＝]/.test(field) && !numeric.test(field));
    expect(formulas).toEqual([]);
    const methods = records.map((record) => record[3]!);
    expect(methods).toContain("'@SUM(1)");
    expect(methods).toContain('x'.repeat(3000));
    expect(records.flat().some((field) => field.startsWith('-') && numeric.test(field))).toBe(true);
  });

  it('are themselves in JSON, in which every character can be seen', () => {
    const text = jsonTables(source);
    expect(unseen(text).filter((char) => char !== '\n')).toEqual([]);
    const { tables } = JSON.parse(text) as { tables: { cells: { method: string }[] }[] };
    const methods = new Set(tables.flatMap(({ cells }) => cells.map(({ method }) => method)));
    expect(names.filter((name) => !methods.has(name))).toEqual([]);
  });

  it('are titles and footnotes as harmless as all else', () => {
    const all = HOSTILE.join(' ');
    const footnotes = [
      { method: HOSTILE[0]!, text: all },
      { method: null, text: all },
    ];
    const asked = { ...source, tables: [{ ...EVERYTHING, title: all, footnotes }] };
    expect(latexTables(asked)).toMatch(/^[\n -~]*$/);
    for (const text of [
      markdownTables(asked),
      jsonTables(asked),
      terminalTable(asked, { styled: false, columns: 400 }),
    ])
      expect(unseen(text).filter((char) => char !== '\n')).toEqual([]);
    const lines = markdownTables(asked).split('\n');
    expect(lines.filter((line) => line.startsWith('|'))).toHaveLength(2 + ROWS);
    expect(lines.filter((line) => /^(?:[-*+>]|\d+\.) /.test(line))).toEqual([]);
  });

  it('are text in HTML, whole, and drawn in its charts', async () => {
    const page = await renderPage(source);
    const tags = (text: string) => new Set([...text.matchAll(/<(\/?[a-z!][^\s>]*)/gi)].map(([, tag]) => tag));
    expect([...tags(page)].filter((tag) => !tags(ordinary).has(tag))).toEqual([]);
    expect(page.match(/<script/g)).toEqual(ordinary.match(/<script/g));
    expect(new Set(unseen(page))).toEqual(new Set(['\n', '\r', '\t']));
    expect(page).toContain('>nul\\u{0}name<');
    expect(page).toContain('x'.repeat(3000));
  });
});

let ordinary: string;
beforeAll(async () => {
  ordinary = await renderPage(makeSource({ cells: { planned: 200, done: 120 }, failures: source.failures }));
});

/** A strict reader of RFC 4180. */
function readCsv(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, field, end] of text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)) {
    records.at(-1)!.push(field!.startsWith('"') ? field!.slice(1, -1).replaceAll('""', '"') : field!);
    if (end === '\r\n') records.push([]);
  }
  return records.slice(0, -1);
}
