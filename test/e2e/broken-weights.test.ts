import { cpSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { Workplace } from './cli.ts';

vi.setConfig({ testTimeout: 300_000 });

const EMBEDDED = fileURLToPath(new URL('../../harness/priors/embedded', import.meta.url));

it('weights cut short fail their cells in one line that names the file; what needs none goes on', async () => {
  const place = new Workplace();
  cpSync(EMBEDDED, join(place.dir, 'model'), { recursive: true });
  const file = join(place.dir, 'model/unet/diffusion_pytorch_model.safetensors');
  truncateSync(file, 1_000_000);
  place.experiment('one', {
    plugins: [],
    prior: { 'stable-diffusion': { path: 'model' } },
    data: { set: 'toyfaces', count: 1 },
    seeds: [0],
    solvers: [{ ldps: { steps: 1 } }],
  });
  const line = `${file}: the tensors take 9657232 bytes, the file has 967176; is it cut short?`;
  const end = await place.run('run', 'one.yaml', '--no-report');
  expect(end.code).toBe(1);
  expect(end.stderr.split('\n').filter((printed) => printed.includes('cut short'))).toEqual([
    `failed (solver-error): ldps on random-inpainting, test/00000, seed 0: ${line}`,
  ]);
  const status = await place.status('one');
  expect(status).toMatchObject({ total: 2, done: 1, failed: 1 });
  expect(status.failedCells).toMatchObject([{ message: line, attempts: 1 }]);
});
