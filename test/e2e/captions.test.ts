import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Workplace } from './cli.ts';

vi.setConfig({ testTimeout: 180_000 });

it('a method that is told the captions finds other pictures, and every table says that it was told', async () => {
  const there = new Workplace();
  there.experiment('told', {
    plugins: [],
    prior: 'embedded',
    data: { set: 'toyfaces', count: 2 },
    seeds: [0],
    tasks: ['super-resolution'],
    solvers: [{ ldps: { steps: 4, omega: 5, prompt: ['', { from: 'caption' }] } }],
  });
  const { code, stdout } = await there.run('run', 'told.yaml');
  expect(code).toBe(0);
  const psnr = (name: string) => Number(stdout.split(` ${name} `)[1]!.match(/[\d.]+(?=\S* ±)/)![0]);
  expect(Math.abs(psnr('LDPS‡ (prompt=caption)') - psnr('LDPS (prompt="")'))).toBeGreaterThan(0.5);
  const note = "had the pictures' captions";
  expect(stdout).toContain(`‡ ${note}`);
  const page = readFileSync(join(there.dir, 'reports', 'told.html'), 'utf8');
  expect(page).toContain('LDPS‡ (prompt=caption)</th>');
  for (const [format, mark] of [
    ['latex', 'LDPS$^\\ddagger$ (prompt=caption)'],
    ['markdown', 'LDPS‡ (prompt=caption)'],
    ['csv', ',solver,true'],
  ] as const) {
    const file = `table.${format}`;
    await there.run('report', 'told', '--format', format, '--out', file);
    expect(readFileSync(join(there.dir, file), 'utf8')).toContain(mark);
  }

  expect((await there.run('run', 'told.yaml')).stdout).toContain('6 cells: 6 cached, 0 to do');
});

it('pictures without captions are refused, with the place of the prompt', async () => {
  const there = new Workplace();
  await there.run('dataset', 'toyfaces', '--count', '2', '--out', 'faces');
  there.experiment('own', {
    plugins: [],
    prior: 'embedded',
    data: { folder: 'faces/test' },
    solvers: [{ ldps: { prompt: { from: 'caption' } } }],
  });
  const { code, stderr } = await there.run('plan', 'own.yaml');
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /own\.yaml:\d+:\d+: ldps\.prompt is each picture's caption; the folder .* has none: expected one text for all, as ""\n$/,
  );
});
