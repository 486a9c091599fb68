import { cpSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { Workplace } from './cli.ts';

vi.setConfig({ testTimeout: 300_000 });

const EMBEDDED = fileURLToPath(new URL('../../harness/priors/embedded', import.meta.url));

it('weights cut short are one line that names the place, before anything runs', async () => {
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
  expect(end.code).toBe(2);
  expect(end.stdout).toBe('');
  expect(end.stderr.trim().split('\n')).toEqual([expect.stringMatching(/^one\.yaml:\d+:\d+: /)]);
  expect(end.stderr).toContain(line);
});
