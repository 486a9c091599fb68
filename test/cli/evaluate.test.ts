import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../store/example.ts';
import { tweedie } from './run-cli.ts';

const folder = fileURLToPath(new URL('../fixtures/evaluate', import.meta.url));
const sides = ['--generated', join(folder, 'generated'), '--reference', join(folder, 'reference')];
const scikitImage = JSON.parse(readFileSync(join(folder, 'scikit-image.json'), 'utf8'));

describe('tweedie evaluate', () => {
  it('prints mean, standard error and N of each metric, and the fingerprint of its protocol', async () => {
    const { code, stdout } = await tweedie('evaluate', ...sides);
    expect(code).toBe(0);
    expect(stdout).toMatch(/PSNR \(dB\) ↑ │\s+27\.65 │\s+2\.69 │ 4 │ [0-9a-f]{12}/);
    expect(stdout).toMatch(/SSIM ↑ {6}│\s+0\.9658 │\s+0\.0198 │ 4 │ [0-9a-f]{12}/);
  });

  it('--out writes every number with its protocol, as CSV', async () => {
    const out = join(temporaryFolder(), 'deep/scores.csv');
    expect(await tweedie('evaluate', ...sides, '--metrics', 'psnr', '--out', out)).toMatchObject({ code: 0 });
    const [head, whole, first, ...rest] = readFileSync(out, 'utf8').trim().split('\n');
    expect(head).toBe('image,metric,version,value,standard_error,pictures,fingerprint,protocol,infinite');
    expect(whole).toMatch(/^,psnr,1,27\.64\d+,2\.68\d+,4,[0-9a-f]{12},"\{""input""/);
    expect(first).toMatch(/^000,psnr,1,33\.312\d+,,1,[0-9a-f]{12},"\{""input""/);
    expect(rest).toHaveLength(3);
  });

  it('--out writes the same as JSON, which --json prints', async () => {
    const out = join(temporaryFolder(), 'scores.json');
    await tweedie('evaluate', ...sides, '--out', out);
    const { metrics, pairs, warnings, referenceSet } = JSON.parse(readFileSync(out, 'utf8'));
    expect(referenceSet).toMatch(/^sha256 [0-9a-f]{16}$/);
    expect(metrics).toMatchObject([
      { name: 'psnr', pictures: 4, protocol: { range: 255, files: 'png, 8-bit RGB' } },
      { name: 'ssim', pictures: 4 },
    ]);
    expect(pairs).toHaveLength(4);
    expect(pairs[1]).toMatchObject({ name: '001', generated: '001.png', reference: '001.png' });
    expect(pairs[1].values.psnr).toBeCloseTo(scikitImage['001'].psnr, 10);
    expect(warnings).toEqual([]);
  });

  it.each([
    [['--metrics', 'psnrr'], /metric of --metrics "psnrr".*did you mean "psnr"/],
    [['--out', 'scores.txt'], /--out scores\.txt: expected a file ending in \.csv or \.json/],
    [
      ['--metrics', 'psnr,miou'],
      /^miou is of labels, and a folder is read as pictures: it is scored in runs/,
    ],
    [['--batch', '0'], /--batch 0: expected a whole number above 0/],
    [['--device', 'cpuu'], /unknown device "cpuu".*did you mean "cpu"/],
    [['--weights', 'nothing'], /--weights nothing: expected NAME=FILE/],
    [['--pair', 'none'], /psnr compares each picture with its own truth/],
  ])('a mistake is one line and exit code 2: %j', async (options, message) => {
    const { code, stderr } = await tweedie('evaluate', ...sides, ...options);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.split('\n')).toHaveLength(1);
  });
});
