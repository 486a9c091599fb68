import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import { valuesOf } from '../../harness/engine/weight.ts';
import { UserError } from '../../harness/errors.ts';
import { loadWeights, type MakeConstant } from '../../harness/networks/load-weights.ts';
import { ShapeList } from '../../harness/networks/parameter-shapes.ts';
import { type NamedTensor, writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { useDevice } from '../support/device.ts';

const path = join(mkdtempSync(join(tmpdir(), 'tweedie-weights-')), 'model.safetensors');
const shapes = new ShapeList();
shapes.scope('block.0').linear('proj', 2, 3);

const weight: NamedTensor = {
  name: 'block.0.proj.weight',
  shape: [3, 2],
  data: Float32Array.of(1, 2, 3, 4, 5, 6),
};
const bias: NamedTensor = { name: 'block.0.proj.bias', shape: [3], data: Float32Array.of(7, 8, 9) };
const makeConstant: MakeConstant = (data, shape) => tf.tensor(valuesOf(data), [...shape]);

beforeAll(() => useDevice('cpu-reference'));

describe('loading', () => {
  it('makes one constant of each tensor and finds it by its full name or in a scope', async () => {
    writeSafetensors(path, [bias, weight]);
    let made = 0;
    const { params } = loadWeights(path, shapes.specs, (data, shape) => {
      made++;
      return makeConstant(data, shape);
    });
    expect(made).toBe(2);
    const scope = params.scope('block.0').scope('proj');
    expect(scope.get('weight')).toBe(params.get('block.0.proj.weight'));
    expect(scope.has('bias')).toBe(true);
    expect(scope.has('scale')).toBe(false);
    expect([...(await scope.get('bias').data())]).toEqual([7, 8, 9]);
    expect(made).toBe(2);
  });

  it('takes linear layers that older files hold as 1x1 convolutions', () => {
    writeSafetensors(path, [bias, { ...weight, shape: [3, 2, 1, 1] }]);
    expect(loadWeights(path, shapes.specs, makeConstant).params.get('block.0.proj.weight').shape).toEqual([
      3, 2,
    ]);
  });

  it('takes older names through a renaming', () => {
    writeSafetensors(path, [bias, { ...weight, name: 'block.0.old.weight' }]);
    const { params } = loadWeights(path, shapes.specs, makeConstant, {
      rename: (name) => name.replace('old', 'proj'),
    });
    expect(params.get('block.0.proj.weight').shape).toEqual([3, 2]);
  });

  it('passes over the buffer of position ids that checkpoints carry', () => {
    writeSafetensors(path, [
      bias,
      weight,
      { name: 'x.position_ids', shape: [1], data: BigInt64Array.of(0n) },
    ]);
    expect(() => loadWeights(path, shapes.specs, makeConstant)).not.toThrow();
  });

  it('frees its tensors', () => {
    writeSafetensors(path, [bias, weight]);
    const before = tf.memory().numTensors;
    loadWeights(path, shapes.specs, makeConstant).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('weights that do not belong to the config', () => {
  it.each<[string, NamedTensor[], string]>([
    [
      'a missing tensor',
      [bias, { ...weight, name: 'block.0.prj.weight' }],
      "tensor 'block.0.proj.weight' [3,2] is missing; the nearest that has no place is 'block.0.prj.weight' (and 1 more)",
    ],
    [
      'another shape',
      [bias, { ...weight, shape: [2, 3] }],
      "tensor 'block.0.proj.weight' has shape [2,3]; expected [3,2]",
    ],
    [
      'a tensor too many',
      [bias, weight, { ...bias, name: 'block.1.proj.bias' }],
      "tensor 'block.1.proj.bias' [3] has no place in the network",
    ],
  ])('%s', (_, tensors, message) => {
    writeSafetensors(path, tensors);
    const load = () => loadWeights(path, shapes.specs, makeConstant);
    expect(load).toThrow(UserError);
    expect(load).toThrow(`${path}: ${message}`);
  });
});
