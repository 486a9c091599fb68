import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tweedie } from '../cli/run-cli.ts';
import { CaseFolder, tensor, verify } from './support.ts';

/** clip(2x, -1, 1) by hand: the gradient is 2 inside and on the bounds. */
const hdr = [
  tensor('x', [1, 1, 2, 2], [0.25, -0.5, 0.75, -1]),
  tensor('v', [1, 1, 2, 2], [3, 5, 7, 9]),
  tensor('y', [1, 1, 2, 2], [0.5, -1, 1, -1]),
  tensor('vjp', [1, 1, 2, 2], [6, 10, 0, 0]),
];
const described = { shape: [1, 1, 2, 2], dtype: 'F32' };
const files = {
  'hdr.safetensors': {
    x: described,
    v: described,
    y: { ...described, tolerance: { rel_l2: 1e-5, max_abs: 1e-5 } },
    vjp: { ...described, tolerance: { exact: true } },
  },
};
const params = {
  operator: 'high_dynamic_range',
  scale: 2,
  min: -1,
  max: 1,
  gradients: [{ output: 'vjp', of: 'y', weight: 'v', wrt: 'x' }],
};
const good = {
  name: 'good',
  file: 'hdr.safetensors',
  entry: 'operator.forward_vjp',
  params,
  inputs: ['x', 'v'],
  outputs: ['y', 'vjp'],
};
const wrongParams = { ...params, scale: 1.99 };

function folderOf(...cases: object[]): CaseFolder {
  const folder = new CaseFolder();
  folder.tensors('ops/hdr.safetensors', hdr);
  folder.manifest('ops', { files, cases });
  return folder;
}
const resultOf = async (one: object) => (await verify(folderOf(one).path)).results[`ops/${good.name}`];

describe('the exit code', () => {
  it('is 0 where every case passes', async () => {
    const { code, passed, results } = await verify(folderOf(good).path);
    expect([code, passed, results]).toEqual([0, true, { 'ops/good': 'passed' }]);
  });

  it.each([
    ['a failed case', { params: wrongParams }],
    ['an unknown entry', { entry: 'operator.inverse' }],
    ['a params value that is not known', { params: { ...params, operator: 'fish_eye' } }],
    ['a missing file', { file: 'gone.safetensors' }],
    ['a missing asset', { assets: [{ name: 'no-such-file.bin', sha256: '0'.repeat(64) }] }],
  ])('is 1 for %s, and 0 where that case is optional', async (_, change) => {
    const other = { ...good, ...change, name: 'other' };
    const { code, passed, results } = await verify(folderOf(good, other).path);
    expect([code, passed]).toEqual([1, false]);
    expect(results['ops/good']).toBe('passed');
    expect(results['ops/other']).toMatch(/^(failed|skipped)/);
    const excused = await verify(folderOf(good, { ...other, optional: true }).path);
    expect([excused.code, excused.passed]).toEqual([0, true]);
    expect(excused.results['ops/other']).toMatch(/^(failed|skipped)/);
  });

  it('is 2 for a folder without cases, and says what was expected', async () => {
    const folder = new CaseFolder();
    const { code, stderr } = await verify(folder.path);
    expect(code).toBe(2);
    expect(stderr).toBe(`${folder.path}: expected a manifest.json here or in its folders`);
    expect((await verify(`${folder.path}/none`)).stderr).toBe(`${folder.path}/none: there is no such folder`);
  });
});

describe('what a case says', () => {
  it.each([
    ['an unknown entry', { entry: 'operator.inverse' }, "skipped: unknown entry 'operator.inverse'"],
    ['an unknown key', { params: { ...params, gamma: 2.2 } }, 'skipped: params: unknown "gamma"'],
    [
      'a value of another kind',
      { params: { ...params, scale: 'two' } },
      'skipped: params.scale: found "two"; expected number',
    ],
    [
      'a gradient of nothing',
      { params: { ...params, gradients: [{ ...params.gradients[0], wrt: 'z' }] } },
      "skipped: params.gradients: no gradient with respect to 'z'",
    ],
    [
      'an output that the entry does not have',
      { outputs: ['x'] },
      "skipped: operator.forward_vjp gives no 'x'",
    ],
    ['nothing to compare', { outputs: [] }, 'failed: the case names nothing to compare'],
    ['a wrong result', { params: wrongParams }, 'failed: y: vjp'],
    [
      'a case that lacks a key',
      { file: undefined },
      'failed: manifest.json: file: found nothing; expected string',
    ],
  ])('%s', async (_, change, expected) => {
    expect(await resultOf({ ...good, ...change })).toBe(expected);
  });

  it('names a missing file, tensor and asset', async () => {
    expect(await resultOf({ ...good, file: 'gone.safetensors' })).toMatch(
      /^failed: .*gone\.safetensors: expected a file, found nothing$/,
    );
    expect(await resultOf({ ...good, bind: { v: 'w' } })).toMatch(/^failed: .*there is no tensor 'w'/);
    const assets = [{ name: 'no-such-file.bin', sha256: '0'.repeat(64) }];
    expect(await resultOf({ ...good, assets })).toMatch(
      /^failed: there is no no-such-file\.bin of sha256 000/,
    );
  });

  it('a tensor that is not what the manifest says fails', async () => {
    const folder = folderOf(good);
    const changed = structuredClone(files);
    changed['hdr.safetensors'].x.shape = [1, 1, 4];
    folder.manifest('ops', { files: changed, cases: [good] });
    expect((await verify(folder.path)).results['ops/good']).toMatch(
      /tensor 'x' is F32 \[1,1,2,2\]; the manifest says F32 \[1,1,4\]$/,
    );
  });

  it('a result that is not finite fails', async () => {
    const one = { ...good, params: { ...params, scale: 1e308 } };
    const folder = folderOf(one);
    folder.tensors('ops/hdr.safetensors', [
      tensor('x', [1, 1, 2, 2], [Number.NaN, 0, 0, 0]),
      ...hdr.slice(1),
    ]);
    expect((await verify(folder.path)).results['ops/good']).toContain('value 0 is NaN');
  });
});

describe('a set', () => {
  let folder: CaseFolder;
  beforeAll(() => {
    folder = folderOf(good, { ...good, name: 'wrong', params: wrongParams });
    folder.tensors('more/hdr.safetensors', hdr);
    folder.manifest('more', { files, cases: [good] });
    writeFileSync(folder.at('torn/manifest.json'), '{"item": "torn"');
  });

  it('runs on behind a manifest that cannot be read', async () => {
    const { code, results } = await verify(folder.path);
    expect(code).toBe(1);
    expect(results).toMatchObject({ 'more/good': 'passed', 'ops/good': 'passed' });
    expect(results['torn/manifest.json']).toMatch(/^failed: .*is not JSON/);
  });

  it('can be run an item at a time, and case by case', async () => {
    expect(await verify(`${folder.path}/more`)).toMatchObject({
      code: 0,
      results: { 'more/good': 'passed' },
    });
    rmSync(folder.at('torn/manifest.json'));
    const { code, results } = await verify(folder.path, '--only', 'ops/goo');
    expect([code, results]).toEqual([0, { 'ops/good': 'passed' }]);
    expect((await verify(folder.path, '--only', 'nothing')).stderr).toBe(
      '--only: no case\'s name has "nothing"',
    );
  });

  it('is printed as a table, what went wrong below it', async () => {
    const { code, stdout } = await tweedie('verify', `${folder.path}/ops`, '--device', 'cpu:1');
    expect(code).toBe(1);
    expect(stdout).toMatch(/ops\/good .* passed/);
    expect(stdout).toMatch(/ops\/wrong .* failed/);
    expect(stdout).toContain('failed: ops/wrong: vjp: max abs');
    expect(stdout).toMatch(/1 passed, 1 failed, 0 skipped, in \d+ s on cpu:1/);
  });
});

it('an argument is the tensor that it is bound to', async () => {
  const folder = folderOf({ ...good, inputs: ['picture', 'v'], bind: { x: 'picture' } });
  folder.tensors('ops/hdr.safetensors', [{ ...hdr[0]!, name: 'picture' }, ...hdr.slice(1)]);
  const { x, ...rest } = files['hdr.safetensors'];
  folder.manifest('ops', {
    files: { 'hdr.safetensors': { picture: x, ...rest } },
    cases: [{ ...good, inputs: ['picture', 'v'], bind: { x: 'picture' } }],
  });
  expect((await verify(folder.path)).results['ops/good']).toBe('passed');
});

it('numbers are expected by name, whole sums as tensors, weight null as 1', async () => {
  const folder = new CaseFolder();
  const scalar = { shape: [1], dtype: 'F32', tolerance: { exact: true } };
  folder.tensors('ops/t.safetensors', [
    ...hdr.slice(0, 3),
    tensor('sum', [1], [-0.5]),
    tensor('ones', [1, 1, 2, 2], [2, 2, 0, 0]),
  ]);
  const one = {
    ...good,
    file: 't.safetensors',
    params: {
      ...params,
      gradients: [{ output: 'ones', of: 'y', weight: null, wrt: 'x' }],
      sums: [{ output: 'sum', of: 'y', weight: null }],
    },
    outputs: ['sum', 'ones'],
    expect: [{ name: 'sum', value: -0.5, abs_tol: 1e-6 }],
  };
  const ones = { ...described, tolerance: { exact: true } };
  folder.manifest('ops', {
    files: { 't.safetensors': { x: described, v: described, sum: scalar, ones } },
    cases: [one, { ...one, name: 'off', expect: [{ name: 'sum', value: -0.6, rel_tol: 0.1 }] }],
  });
  const { results } = await verify(folder.path);
  expect(results).toEqual({ 'ops/good': 'passed', 'ops/off': 'failed: sum' });
});

it("an asset lies in the item's folder or in one of --assets, and has the sha256 that the case names", async () => {
  const sha256 = createHash('sha256').update('heads').digest('hex');
  const folder = folderOf({ ...good, assets: [{ name: 'heads.bin', sha256 }] });
  const other = new CaseFolder();
  writeFileSync(other.at('heads.bin'), 'heads');
  writeFileSync(folder.at('ops/heads.bin'), 'tails');
  expect((await verify(folder.path)).results['ops/good']).toMatch(
    /^failed: .*ops\/heads\.bin is not what the case names \(sha256 [0-9a-f]{64}\); there is no heads\.bin/,
  );
  const options = ['--assets', folder.path, '--assets', other.path];
  expect((await verify(folder.path, ...options)).results['ops/good']).toBe('passed');
  writeFileSync(folder.at('ops/heads.bin'), 'heads');
  expect((await verify(folder.path)).results['ops/good']).toBe('passed');
  // The option takes one folder: what follows it is the set.
  const { code } = await tweedie('verify', '--assets', other.path, folder.path, '--device', 'cpu:1');
  expect(code).toBe(0);
});
