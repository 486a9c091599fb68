import { cpSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { clipTextParameterShapes } from '../../harness/networks/clip-text.ts';
import { clipTextConfigSchema } from '../../harness/networks/clip-text-config.ts';
import type { NamedTensor } from '../../harness/networks/safetensors-writer.ts';
import { prngWeights } from '../support/prng-weights.ts';
import { CaseFolder, verify } from './support.ts';

// A text encoder's reference values (transformers 4.27.1), with its weights as a user would have them.
const item = '03-clip-text';
const source = fileURLToPath(new URL(`../fixtures/${item}/`, import.meta.url));
const { files, ...manifest } = JSON.parse(readFileSync(`${source}manifest.json`, 'utf8'));
const { config, weight_rule_prefix: prefix, embedding_scale: embeddingScale } = manifest.configs.gelu;
const specs = clipTextParameterShapes(clipTextConfigSchema.parse(config));
const values = prngWeights(specs, { prefix, embeddingScale });
const reference = manifest.cases.find(({ name }: { name: string }) => name === 'gelu/b1_s9');
const caseName = `${item}/${reference.name}`;

let folder: CaseFolder;
const weights = (
  change: (data: Float32Array, name: string) => Float32Array = (data) => data,
): NamedTensor[] =>
  specs.map(({ name, shape }) => ({ name, shape, data: change(Float32Array.from(values.get(name)!), name) }));
const withConfig = (stated: object, network: object = {}) =>
  folder.manifest(item, {
    files,
    configs: { gelu: stated },
    cases: [{ ...reference, network: { item, config: 'gelu', ...network } }],
  });
const outcome = async () => (await verify(folder.path)).results[caseName];

beforeEach(() => {
  folder = new CaseFolder();
  cpSync(`${source}gelu/b1_s9.safetensors`, folder.at(`${item}/gelu/b1_s9.safetensors`));
});

describe('weights in a file', () => {
  it('pass as they are', async () => {
    folder.tensors(`${item}/model.safetensors`, weights());
    withConfig({ config, weights: 'model.safetensors' });
    expect(await verify(folder.path)).toMatchObject({ code: 0, passed: true });
  });

  it.each(['text_model.encoder.layers.1.mlp.fc1.bias', 'text_model.final_layer_norm.weight'])(
    'fail where one number of %s was altered',
    async (altered) => {
      const change = (data: Float32Array, name: string) => {
        if (name === altered) data[3]! += 0.01;
        return data;
      };
      folder.tensors(`${item}/model.safetensors`, weights(change));
      withConfig({ config, weights: 'model.safetensors' });
      expect(await verify(folder.path)).toMatchObject({ code: 1, passed: false });
      expect(await outcome()).toMatch(/^failed: last_hidden_state/);
    },
  );

  it.each([
    ['is missing', (tensors: NamedTensor[]) => tensors.slice(1), /tensor 'text_model.* is missing/],
    [
      'is too many',
      (tensors: NamedTensor[]) => [...tensors, { name: 'extra', shape: [1], data: Float32Array.of(1) }],
      /tensor 'extra' \[1\] has no place in the network/,
    ],
  ])('fail where a tensor %s', async (_, change, message) => {
    folder.tensors(`${item}/model.safetensors`, change(weights()));
    withConfig({ config, weights: 'model.safetensors' });
    expect(await outcome()).toMatch(message);
  });

  it('that are not there fail by name', async () => {
    withConfig({ config, weights: 'model.safetensors' });
    expect(await outcome()).toMatch(/^failed: .*model\.safetensors/);
  });

  it('of another item of the set serve too', async () => {
    folder.tensors('nets/model.safetensors', weights());
    folder.manifest('nets', { configs: { text: { config, weights: 'model.safetensors' } }, cases: [] });
    withConfig({}, { item: 'nets', config: 'text' });
    expect(await outcome()).toBe('passed');
    // The root is the folder above, also where one item is run.
    expect((await verify(`${folder.path}/${item}`)).results[caseName]).toBe('passed');
  });
});

describe('an overlay', () => {
  const [first, ...rest] = weights();
  const overlay = { file: 'new.safetensors', removes: ['stale'] };

  it('replaces tensors and removes others', async () => {
    const stale = { name: 'stale', shape: [1], data: Float32Array.of(1) };
    const wrong = { ...first!, data: new Float32Array(first!.data.length) };
    folder.tensors(`${item}/model.safetensors`, [wrong, stale, ...rest]);
    folder.tensors(`${item}/new.safetensors`, [first!]);
    withConfig({ config, weights: 'model.safetensors' }, { overlay });
    expect(await outcome()).toBe('passed');
  });

  it('takes away what it removes', async () => {
    folder.tensors(`${item}/model.safetensors`, weights());
    folder.tensors(`${item}/new.safetensors`, []);
    withConfig({ config, weights: 'model.safetensors' }, { overlay: { ...overlay, removes: [first!.name] } });
    expect(await outcome()).toMatch(/tensor 'text_model.* is missing/);
  });
});

describe('weights by the PRNG rule', () => {
  const parameters = Object.fromEntries(specs.map(({ name, shape }) => [name, shape]));
  const kinds = {
    '.weight': 'w',
    '.bias': 'b',
    'embedding.weight': 'emb',
    'norm.weight': 'nw',
    'norm.bias': 'nb',
    'norm1.weight': 'nw',
    'norm1.bias': 'nb',
    'norm2.weight': 'nw',
    'norm2.bias': 'nb',
  };
  const stated = (gain: number) => ({
    config,
    parameters,
    embedding_scale: embeddingScale,
    rule: { prefix, gain, kinds },
  });

  it('are filled in, the longest ending of a name deciding', async () => {
    withConfig(stated(3));
    expect(await outcome()).toBe('passed');
  });

  it('with another gain are other weights', async () => {
    withConfig(stated(3.01));
    expect(await outcome()).toMatch(/^failed: last_hidden_state/);
  });

  it('of an unknown kind are refused', async () => {
    withConfig({ ...stated(3), rule: { prefix, gain: 3, kinds: { '.weight': 'w' } } });
    expect(await outcome()).toMatch(/^skipped: .*rule\.kinds has no ending of '.*bias'/);
  });
});

it('a config that is not there is named', async () => {
  withConfig({ config }, { config: 'quick' });
  expect(await outcome()).toMatch(/configs has no 'quick'$/);
});
