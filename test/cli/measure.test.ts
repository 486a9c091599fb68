import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../store/example.ts';
import { tweedie } from './run-cli.ts';

vi.setConfig({ testTimeout: 60_000 });

it('tweedie measure says what is written, what was there, and how results come back; or one JSON document', async () => {
  const dir = temporaryFolder();
  const [file, out] = [join(dir, 'e.yaml'), join(dir, 'problems')];
  writeFileSync(
    file,
    'name: e\nprior: embedded\ndata: { set: toyfaces, count: 2 }\ntasks: [denoising]\nsolvers: []\n',
  );
  const first = await tweedie('measure', file, '--out', out, '--set', 'data.count=1');
  expect(first).toEqual({
    code: 0,
    stderr: '',
    stdout: [
      `e: 1 problem in ${out}`,
      `manifest:  ${out}/manifest.json`,
      `import what solves them:  tweedie import FOLDER --as NAME --measured ${out}`,
    ].join('\n'),
  });
  expect((await tweedie('measure', file, '--out', out)).stdout).toContain(
    `e: 2 problems in ${out} (1 of them were there)`,
  );
  const { stdout } = await tweedie('measure', file, '--out', out, '--json');
  expect(JSON.parse(stdout)).toEqual({ folder: out, experiment: 'e', problems: 2, fresh: 0 });

  const { code, stderr } = await tweedie('measure', file, '--out', dir);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^\S+: expected an empty folder, or measurements of an earlier tweedie, found e\.yaml; name another folder$/,
  );
});
