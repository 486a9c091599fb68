import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachFile } from '../../harness/cli/each-file.ts';
import { UserError } from '../../harness/errors.ts';
import { folderWith } from '../config/fakes.ts';
import { tweedie } from './run-cli.ts';

const experiment = (name: string) =>
  `name: ${name}\nprior: embedded\ndata: { set: toyfaces, count: 1 }\ntasks: [denoising]\nsolvers: [ldps]\n`;

describe('several experiment files', () => {
  let folder: string;
  beforeAll(() => {
    folder = folderWith({
      'a.yaml': experiment('a'),
      'b.yaml': experiment('b'),
      'a-too.yaml': experiment('a'),
      'wrong.yaml': experiment('c').replace('ldps', 'ldpss'),
      'bad.yaml': experiment('d').replace('denoising', 'denoisin'),
    });
  });
  const on = (command: string, ...files: string[]) =>
    tweedie(command, ...files.map((file) => join(folder, file)), '--results', join(folder, 'results'));

  it('plan shows each', async () => {
    const { code, stdout } = await on('plan', 'a.yaml', 'b.yaml');
    expect(code).toBe(0);
    expect(stdout.match(/^[ab] {2}\d+ cells?\b/gm)?.map(([name]) => name)).toEqual(['a', 'b']);
  });

  it('plan says the mistakes of all, and shows those without', async () => {
    const { code, stdout, stderr } = await on('plan', 'wrong.yaml', 'a.yaml', 'bad.yaml');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^a {2}/m);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/wrong\.yaml:5:11: unknown solver "ldpss"/),
      expect.stringMatching(/bad\.yaml:4:9: unknown task "denoisin"/),
    ]);
  });

  it('run runs none where one has a mistake, or two are one experiment', async () => {
    expect(await on('run', 'a.yaml', 'wrong.yaml')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/wrong\.yaml:5:11: unknown solver/),
    });
    expect(await on('run', 'a.yaml', 'b.yaml', 'a-too.yaml')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /a-too\.yaml: is the experiment a, as is .*a\.yaml; expected another name$/,
      ),
    });
  });

  it('go on after one that fails, with the worst exit code; a signal ends them', async () => {
    const done: string[] = [];
    const codes: Record<string, number> = { a: 0, b: 1, c: 0 };
    await eachFile(['a', 'b', 'c'], async (config) => {
      done.push(config);
      process.exitCode = codes[config]!;
    });
    expect([done, process.exitCode]).toEqual([['a', 'b', 'c'], 1]);
    const mistaken = eachFile(['a', 'b'], async (config) => {
      done.push(config);
      if (config === 'a') throw new UserError('a: is wrong');
    });
    await expect(mistaken).rejects.toThrow('a: is wrong');
    expect(done).toEqual(['a', 'b', 'c', 'a', 'b']);
    await eachFile(['a', 'b'], async (config) => {
      done.push(config);
      process.exitCode = 130;
    });
    expect([done.slice(5), process.exitCode]).toEqual([['a'], 130]);
    process.exitCode = 0;
  });
});
