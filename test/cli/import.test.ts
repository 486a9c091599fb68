import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleEntry, writeFlat, writeManifest } from '../measured/example.ts';
import { temporaryFolder } from '../store/example.ts';
import { tweedie } from './run-cli.ts';

/** Problems a and b, a picture of a, and one whose name is mistyped. */
async function place() {
  const dir = temporaryFolder();
  const entries = [exampleEntry('a'), exampleEntry('b')];
  writeManifest(join(dir, 'problems'), entries);
  const results = join(dir, 'problems/results/mine');
  await writeFlat(join(results, `${entries[0]!.name}.png`));
  await writeFlat(join(results, 'denoising-abababab/seed-0/bb.png'));
  return { dir, results };
}

describe('tweedie import', () => {
  it('prints the entry, and beside it what is matched, missing and unknown', async () => {
    const { dir, results } = await place();
    const { code, stdout, stderr } = await tweedie(
      ...['import', results, '--as', 'mine', '--title', 'Mine', '--citation', 'Nobody: a book, 2026'],
      ...['--params', 'steps=50', '--params', 'mode=fast'],
    );
    expect(code).toBe(0);
    expect(parse(stdout)).toEqual([
      {
        imported: {
          name: 'mine',
          title: 'Mine',
          citation: 'Nobody: a book, 2026',
          folder: results,
          measured: join(dir, 'problems'),
          params: { steps: 50, mode: 'fast' },
        },
      },
    ]);
    expect(stderr.split('\n')).toEqual([
      '1 of 2 problems have a picture',
      'missing (failed cells of a run): denoising-abababab/seed-0/b.png',
      'of no problem: denoising-abababab/seed-0/bb.png; the name nearest to the first is denoising-abababab/seed-0/b.png',
    ]);
  });

  it('--out writes it with paths beside the file; again over its own file, not over another', async () => {
    const { dir, results } = await place();
    const out = join(dir, 'mine.yaml');
    for (const _ of [1, 2])
      expect(await tweedie('import', results, '--as', 'mine', '--out', out)).toMatchObject({ code: 0 });
    expect(parse(readFileSync(out, 'utf8'))).toEqual({
      imported: { name: 'mine', folder: 'problems/results/mine', measured: 'problems' },
    });
    writeFileSync(out, 'name: an experiment\n');
    const { code, stderr } = await tweedie('import', results, '--as', 'mine', '--out', out);
    expect(code).toBe(2);
    expect(stderr).toMatch(/expected nothing here, or imported pictures of an earlier tweedie/);
  });

  it('--json says the same for a program', async () => {
    const { results } = await place();
    const { stdout } = await tweedie('import', results, '--as', 'mine', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      matched: 1,
      missing: ['denoising-abababab/seed-0/b.png'],
      unknown: [{ nearest: 'denoising-abababab/seed-0/b.png' }],
      imported: { name: 'mine' },
      out: null,
    });
  });

  it('refuses what cannot be meant, in one line', async () => {
    const { dir, results } = await place();
    mkdirSync(join(dir, 'empty'));
    const theirs = ['--as', 'theirs', '--out', join(dir, 'theirs.yaml')];
    expect(await tweedie('import', results, ...theirs)).toMatchObject({ code: 0 });
    for (const [args, message] of [
      [[join(dir, 'nowhere')], /^there is no folder .*nowhere$/],
      [
        [join(dir, 'empty')],
        /^no manifest\.json in .*empty or above it; name the folder that tweedie measure has written: --measured$/,
      ],
      [
        [join(dir, 'empty'), '--measured', join(dir, 'problems')],
        /empty: none of its pictures is named as a problem: expected denoising-abababab\/seed-0\/a\.png and its like, found no \.png or \.npy$/,
      ],
      [[results, '--params', 'steps'], /^--params steps: expected key=value$/],
      [
        [results, '--params', 'steps=[1, 2]'],
        /^--params steps=\[1, 2\]: expected a number, true, false or a text$/,
      ],
      [[results, '--params', 'a=ü: [1'], /^--params a=ü: \[1: expected a number, true, false or a text$/],
      [
        [results, '--as', 'ldps'],
        /^--as ldps: there is a solver of that name already \(built in\); expected another name$/,
      ],
      [
        [results, '--out', join(dir, 'theirs.yaml')],
        /theirs\.yaml: has the entry of "theirs", which "mine" would replace; name another file$/,
      ],
      [[results, '--out', 'mine.txt'], /^--out mine\.txt: expected a file ending in \.yaml$/],
    ] as const) {
      const { code, stderr } = await tweedie(
        'import',
        ...args,
        ...(args.includes('--as') ? [] : ['--as', 'mine']),
      );
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
  });
});
