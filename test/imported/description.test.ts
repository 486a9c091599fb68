import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { exampleEntry, writeFlat, writeManifest } from '../measured/example.ts';
import { temporaryFolder } from '../store/example.ts';

/** A folder with problems, pictures of one of them and an experiment. */
async function place(solver: string, plugins = '', described = ''): Promise<string> {
  const dir = temporaryFolder();
  writeManifest(join(dir, 'problems'), [exampleEntry('a')]);
  await writeFlat(join(dir, 'problems/results/mine', `${exampleEntry('a').name}.png`));
  mkdirSync(join(dir, 'elsewhere'));
  writeFileSync(join(dir, 'mine.yaml'), described);
  writeFileSync(
    join(dir, 'e.yaml'),
    `name: e\nprior: embedded\ndata: { set: toyfaces, count: 1 }\ntasks: [denoising]\n${plugins}\nsolvers:\n  - ${solver}\n`,
  );
  return dir;
}

const planned = (dir: string) => loadPlan(join(dir, 'e.yaml'), registries);

async function refusal(solver: string): Promise<string> {
  const dir = await place(solver);
  return planned(dir).then(
    () => expect.fail('it was accepted'),
    ({ message }: Error) => message.replaceAll(`${dir}/`, ''),
  );
}

describe('imported: under solvers', () => {
  const written =
    '{ name: mine, folder: problems/results/mine, citation: "Nobody, 2026", params: { steps: 50 } }';

  it('is a method with its parameters, whose key has the pictures', async () => {
    const { batches, plugins } = await planned(await place(`imported: ${written}`));
    const method = batches.find(({ method }) => method.kind === 'solver')!.method;
    expect(method).toMatchObject({ name: 'mine', title: 'mine', params: { steps: 50 } });
    expect(method.sourceSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.parse(JSON.stringify(plugins))).toEqual(plugins);
  });

  it('may stand in a file of its own that plugins names', async () => {
    const inline = await planned(await place(`imported: ${written}`));
    const apart = await planned(await place('mine', 'plugins: [mine.yaml]', `imported: ${written}`));
    const keyOf = ({ batches }: typeof inline) => batches.map(({ method }) => method.key);
    expect(keyOf(apart)).toEqual(keyOf(inline));
  });

  it.each([
    ['imported: { folder: problems }', /^e\.yaml:7:15: .*name/],
    ['imported: { name: m, folder: nowhere }', /^e\.yaml:7:34: imported: there is no folder nowhere$/],
    [
      'imported: { name: m, folder: elsewhere }',
      /^e\.yaml:7:34: imported: no manifest\.json in elsewhere or above it; name the folder that tweedie measure has written: measured: FOLDER$/,
    ],
    [
      'imported: { name: m, folder: elsewhere, measured: elsewhere }',
      /^e\.yaml:7:55: imported: no manifest\.json in elsewhere$/,
    ],
    [
      'imported: { name: m, folder: problems, citaton: x }',
      /^e\.yaml:7:44: unknown key "citaton".*did you mean "citation"\?/,
    ],
    [
      'imported: { name: m, folder: problems, params: { toString: 1 } }',
      /no parameter can be called "toString"/,
    ],
    ['imported: { name: dps, folder: problems }', /there is a solver "dps" already \(built in\)/],
  ])('%s is refused at its place', async (solver, message) => {
    expect(await refusal(solver)).toMatch(message);
  });
});
