import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sizeOf } from '../../harness/engine/shape.ts';
import type { ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { checkWeights } from '../../harness/weights/check.ts';
import { readManifests } from '../../harness/weights/manifest.ts';
import { networksAt } from '../../harness/weights/networks-at.ts';
import { TINY_COMPVIS, tinyCheckpoint, tinyCompvisFolder, tinyCompvisYaml } from '../support/tiny-compvis.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tweedie-networks-'));
  vi.stubEnv('TWEEDIE_WEIGHTS', root);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const parameters = (specs: readonly ParamSpec[]) => specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

it('of every known network in one file the tensors are known', () => {
  const single = [...readManifests().values()].filter(
    ({ files, kind }) => files.length === 1 && kind !== 'vocabulary',
  );
  expect(single.length).toBeGreaterThan(0);
  for (const { name } of single) {
    const [network] = networksAt('anywhere', name);
    expect(network!.network, name).not.toBeNull();
    expect(network!.expected!.specs.length, name).toBeGreaterThan(0);
  }
});

// `lpips.LPIPS(net=...)` has five heads of 64 + 192 + 384 + 256 + 256 and 64 + 128 + 256 + 512 + 512 weights.
it.each([
  ['lpips-alex-heads', 1152],
  ['lpips-vgg-heads', 1472],
])('%s has %i numbers', (name, count) => {
  expect(parameters(networksAt('anywhere', name)[0]!.expected!.specs)).toBe(count);
});

it('a classifier may carry a head, which is passed over; what else is strange is named', () => {
  const folder = join(root, 'dps-ffhq256');
  mkdirSync(folder);
  const path = join(folder, 'ffhq_10m.pt');
  writeSafetensors(path, [{ name: 'input_blocks.0.0.wieght', shape: [1], data: Float32Array.of(0) }]);
  const { ok, networks } = checkWeights('dps-ffhq256');
  expect(ok).toBe(false);
  expect(networks[0]!.problems).toContain(
    "tensor 'input_blocks.0.0.wieght' [1] has no place in the network; the nearest that is missing is 'input_blocks.0.0.weight'",
  );
  const alex = networksAt('anywhere', 'torchvision-alexnet')[0]!.expected!;
  expect(alex.ignore!('classifier.1.weight')).toBe(true);
  expect(alex.ignore!('features.0.weight')).toBe(false);
});

it("both networks of a CompVis model's one file are compared with its configuration", () => {
  const folder = tinyCompvisFolder();
  writeFileSync(join(folder, 'config.yaml'), tinyCompvisYaml());
  writeSafetensors(join(folder, 'model.safetensors'), tinyCheckpoint());
  expect(checkWeights(folder)).toMatchObject({
    ok: true,
    networks: [
      { network: 'UNetModel', problems: [] },
      { network: 'VQModelInterface', problems: [] },
    ],
  });
  const { first_stage_config: first } = TINY_COMPVIS;
  const params = { ...first.params, n_embed: 17 };
  const changed = { ...TINY_COMPVIS, first_stage_config: { ...first, params } };
  writeFileSync(join(folder, 'config.yaml'), tinyCompvisYaml(changed));
  expect(checkWeights(folder).networks.map(({ problems }) => problems)).toEqual([
    [],
    ["tensor 'quantize.embedding.weight' has shape [16,3]; expected [17,3]"],
  ]);
});

it('a folder without a model says what would be one', () => {
  mkdirSync(join(root, 'empty'));
  writeFileSync(join(root, 'empty', 'readme'), '');
  expect(checkWeights(join(root, 'empty')).networks[0]!.problems).toEqual([
    `${join(root, 'empty')}: holds no model: expected model_index.json or diffusion_pytorch_model.safetensors or model.safetensors or pytorch_model.bin`,
  ]);
});
