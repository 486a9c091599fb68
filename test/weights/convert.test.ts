import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { SafetensorsFile } from '../../harness/networks/safetensors.ts';
import { writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { type ConvertOptions, convertWeights } from '../../harness/weights/convert.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tweedie-convert-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

function input(weight = Float32Array.of(1, -0.1, 65504, 3e-8)): string {
  writeSafetensors(at('in.safetensors'), [
    { name: 'conv.weight', shape: [2, 2], data: weight },
    { name: 'steps', shape: [2], data: BigInt64Array.of(3n, -1n) },
    { name: 'mask', shape: [3], data: Uint8Array.of(1, 0, 1) },
  ]);
  return at('in.safetensors');
}

/** Type, shape and values of every tensor. */
function contents(path: string): Record<string, [string, readonly number[], unknown[]]> {
  const file = new SafetensorsFile(path);
  try {
    return Object.fromEntries(
      [...file.entries].map(([name, { dtype, shape }]) => [name, [dtype, shape, [...file.read(name)]]]),
    );
  } finally {
    file.close();
  }
}

function convert(options?: ConvertOptions) {
  convertWeights(input(), at('out.safetensors'), options);
  return contents(at('out.safetensors'));
}

const whole = { steps: ['I64', [2], [3n, -1n]], mask: ['U8', [3], [1, 0, 1]] };

describe('converting', () => {
  it('keeps types and bits by default: the same file', () => {
    convertWeights(input(), at('out.safetensors'));
    expect(readFileSync(at('out.safetensors')).equals(readFileSync(at('in.safetensors')))).toBe(true);
  });

  it('to float16 rounds to the nearest; whole numbers keep their type', () => {
    expect(convert({ dtype: 'float16' })).toEqual({
      'conv.weight': ['F16', [2, 2], [1, -0.0999755859375, 65504, 2 ** -24]],
      ...whole,
    });
  });

  it('to bfloat16 keeps the range', () => {
    expect(convert({ dtype: 'bfloat16' })['conv.weight']).toEqual([
      'BF16',
      [2, 2],
      [1, -0.10009765625, 65536, 3.003515303134918e-8],
    ]);
  });

  it('there and back is exact from the narrower type', () => {
    convertWeights(input(), at('half.safetensors'), { dtype: 'float16' });
    convertWeights(at('half.safetensors'), at('wide.safetensors'), { dtype: 'float32' });
    convertWeights(at('wide.safetensors'), at('again.safetensors'), { dtype: 'float16' });
    expect(readFileSync(at('again.safetensors')).equals(readFileSync(at('half.safetensors')))).toBe(true);
    expect(contents(at('wide.safetensors'))['conv.weight']![0]).toBe('F32');
  });

  it('joins the shards that an index lists', () => {
    mkdirSync(at('unet'));
    const shard = (name: string, tensor: string) =>
      writeSafetensors(at(`unet/${name}`), [{ name: tensor, shape: [1], data: Float32Array.of(7) }]);
    shard('m-1.safetensors', 'a');
    shard('m-2.safetensors', 'b');
    const index = at('unet/m.safetensors.index.json');
    writeFileSync(index, '{"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}}');
    expect(convertWeights(index, at('out.safetensors'))).toEqual({ tensors: 2, bytes: 8, prefix: '' });
    expect(Object.keys(contents(at('out.safetensors')))).toEqual(['a', 'b']);
  });

  it('leaves out what training puts before every name, and says what it was', () => {
    const outOf = (prefix: string) => {
      writeSafetensors(at('in.safetensors'), [
        { name: `${prefix}conv.weight`, shape: [1], data: Float32Array.of(1) },
        { name: `${prefix}conv.bias`, shape: [1], data: Float32Array.of(2) },
      ]);
      rmSync(at('out.safetensors'), { force: true });
      const { prefix: found } = convertWeights(at('in.safetensors'), at('out.safetensors'));
      return [found, ...Object.keys(contents(at('out.safetensors')))];
    };
    expect(outOf('module.')).toEqual(['module', 'conv.weight', 'conv.bias']);
    expect(outOf('_orig_mod.')).toEqual(['_orig_mod', 'conv.weight', 'conv.bias']);
    expect(outOf('model.diffusion_model.')).toEqual(['model.diffusion_model', 'conv.weight', 'conv.bias']);
    expect(outOf('module._orig_mod.')).toEqual(['module._orig_mod', 'conv.weight', 'conv.bias']);
    expect(outOf('text_model.')).toEqual(['', 'text_model.conv.weight', 'text_model.conv.bias']);
  });

  it('takes the part whose names begin with a section', () => {
    writeSafetensors(at('in.safetensors'), [
      { name: 'model.w', shape: [1], data: Float32Array.of(1) },
      { name: 'model_ema.w', shape: [1], data: Float32Array.of(2) },
    ]);
    convertWeights(at('in.safetensors'), at('out.safetensors'), { section: 'model_ema' });
    expect(contents(at('out.safetensors'))).toEqual({ w: ['F32', [1], [2]] });
  });

  it('tells which tensor is next', () => {
    const seen: string[] = [];
    convert({ progress: (done, total) => void seen.push(`${done}/${total}`) });
    expect(seen).toEqual(['0/3', '1/3', '2/3']);
  });
});

describe('a mistake is one clear error, and no output', () => {
  const refused = (act: () => unknown, message: string | RegExp) => {
    expect(act).toThrow(UserError);
    expect(act).toThrow(message);
    expect(readdirSync(folder).filter((name) => name.includes('out'))).toEqual([]);
  };

  it('a value too large for float16, naming the tensor', () => {
    const path = input(Float32Array.of(0, 1, 70000, 2));
    refused(
      () => convertWeights(path, at('out.safetensors'), { dtype: 'float16' }),
      `${path}: tensor 'conv.weight' holds 70000, which float16 cannot hold; use bfloat16 or float32`,
    );
  });

  it('an infinity is not a value too large', () => {
    const path = input(Float32Array.of(0, 1, Number.POSITIVE_INFINITY, Number.NaN));
    convertWeights(path, at('x.safetensors'), { dtype: 'float16' });
    expect(existsSync(at('x.safetensors'))).toBe(true);
  });

  it('an output that exists is not overwritten', () => {
    const path = input();
    refused(() => convertWeights(path, path), 'in.safetensors: exists already');
  });

  it('an output of another name or in a folder that is a file, an input that is not there or no file of tensors', () => {
    const path = input();
    refused(() => convertWeights(path, at('out.pt')), 'expected a name that ends in .safetensors');
    refused(() => convertWeights(path, join(path, 'out.safetensors')), 'cannot be written (EEXIST)');
    refused(() => convertWeights(at('no.bin'), at('out.safetensors')), 'no.bin: is not there');
    writeFileSync(at('model.onnx'), '');
    refused(() => convertWeights(at('model.onnx'), at('out.safetensors')), 'model.onnx: is empty');
    refused(
      () => convertWeights(path, at('out.safetensors'), { section: 'ema' }),
      "in.safetensors: section: no tensor's name begins with 'ema.'; they begin with 'conv.', 'steps.', 'mask.'",
    );
  });
});
