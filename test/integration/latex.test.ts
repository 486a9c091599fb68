import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { jsonTables } from '../../harness/report/json.ts';
import { latexTables } from '../../harness/report/latex.ts';
import { formatFixed, formatSigned } from '../../harness/report/numbers.ts';
import { EVERYTHING } from '../../harness/report/printed-table.ts';
import type { ReportSource } from '../../harness/report/source.ts';
import { demoMethods, makeSource } from '../report/fixture.ts';
import { HOSTILE } from '../text/hostile.ts';

const isThere = (package_: string) =>
  spawnSync('kpsewhich', [package_], { encoding: 'utf8' }).stdout?.trim() !== '';
const compiles = spawnSync('pdflatex', ['--version']).status === 0;
const [booktabs, multirow] = [compiles && isThere('booktabs.sty'), compiles && isThere('multirow.sty')];

const GROUPS = ['pixel', 'latent', 'latent', 'trained'] as const;
const source = makeSource({ compared: demoMethods.map((method, i) => ({ ...method, group: GROUPS[i]! })) });
const wide: ReportSource = { ...source, tables: [{ ...EVERYTHING, title: 'Everything' }] };
const hostile = makeSource({
  items: 2,
  compared: [
    { solver: 'ldps', params: {}, psnr: 20 },
    // Beyond a few letters a name is wider than the paper, and says no more.
    ...HOSTILE.filter((name) => name.length < 100).map((name) => ({
      solver: name,
      title: name,
      params: {},
      psnr: 21,
    })),
  ],
});

/** What pdflatex says of a document with these tables; it throws where it does not compile. */
function compile(tables: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-latex-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const packages = tables.split('\n')[0]!.replace('% ', '');
  const body = ['\\documentclass{article}', packages, '\\begin{document}', tables, '\\end{document}'];
  writeFileSync(join(dir, 'tables.tex'), body.join('\n'));
  const options = ['-interaction=nonstopmode', '-halt-on-error', '-no-shell-escape', 'tables.tex'];
  return execFileSync('pdflatex', options, { cwd: dir, encoding: 'utf8' });
}

describe('the tables in LaTeX compile with nothing but the packages that their first line names', () => {
  it.skipIf(!booktabs)('one a setting, with groups', () => {
    expect(compile(latexTables(source))).toContain('Output written on tables.pdf');
  });

  it.skipIf(!multirow)('several settings side by side', () => {
    expect(compile(latexTables(wide))).toContain('Output written on tables.pdf');
  });

  it.skipIf(!booktabs)('with names of every kind', () => {
    expect(compile(latexTables(hostile))).toContain('Output written on tables.pdf');
  });
});

it.each([
  ['one a setting, with differences', source, true],
  ['side by side', wide, false],
])('and have the numbers of the JSON, %s', (_, of, compares) => {
  const digits: Record<string, number> = Object.fromEntries(of.metrics.map((one) => [one.name, one.digits]));
  const { tables } = JSON.parse(jsonTables(of)) as {
    tables: { cells: { metric: string; mean: number; difference: number | null }[] }[];
  };
  const printed = latexTables(of).split('\\begin{tabular}').slice(1);
  expect(printed).toHaveLength(tables.length);
  for (const [i, { cells }] of tables.entries()) {
    const rows = printed[i]!.slice(printed[i]!.indexOf('\\midrule'))
      .split('\n')
      .filter((line) => line.includes(' & '));
    // Without what names the row; nothing where a row has no number.
    const numbers = rows.flatMap((row) => row.replace(' \\\\', '').split(' & ').slice(2).flatMap(numberIn));
    const expected = cells.flatMap(({ metric, mean, difference }) => [
      formatFixed(mean, digits[metric]!),
      ...(difference === null || !compares ? [] : [formatSigned(difference, digits[metric]!)]),
    ]);
    expect(numbers).toEqual(expected);
  }
});

function numberIn(cell: string): string[] {
  const [, number] = /^(?:\\(?:textbf|underline)\{)?((?:\+|\$-\$)?\d+\.\d+)/.exec(cell) ?? [];
  return number === undefined ? [] : [number.replace('$-$', '−')];
}
