import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../harness/engine/shape.ts';
import { readConfigFile } from '../../harness/networks/config-file.ts';
import { unetConfigSchema } from '../../harness/networks/unet-config.ts';
import { unetParameterShapes } from '../../harness/networks/unet2d-condition.ts';

const path = join(mkdtempSync(join(tmpdir(), 'tweedie-config-')), 'config.json');
const read = (content: unknown) => {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readConfigFile(path, unetConfigSchema);
};

describe("a network's config.json", () => {
  it('that takes more than 4 MiB is not read', () => {
    writeFileSync(path, '');
    truncateSync(path, 2 ** 22 + 1);
    expect(() => readConfigFile(path, unetConfigSchema)).toThrow(
      `${path}: takes 4194305 bytes; at most 4194304 are read`,
    );
  });

  it.each([
    ['a byte order mark', '\ufeff{}', 'starts with a byte order mark; expected JSON without one'],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\n',
      'is not JSON: is a Git LFS pointer',
    ],
    ['a list', '[1]', 'found [1]; '],
    ['nothing', '', 'is not JSON: is empty'],
    ['nested without end', '['.repeat(100_000), 'is not JSON: '],
    [
      'nested deep',
      `{"block_out_channels":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      'found a value nested too deep; ',
    ],
  ])('that is %s is refused in one line', (_, content, message) => {
    expect(() => read(content)).toThrow(message);
    expect(() => read(content)).not.toThrow(/\n/);
  });

  it('takes diffusers defaults for keys that older files lack, and ignores keys that do not matter', () => {
    expect(read({ _class_name: 'UNet2DConditionModel', dropout: 0 })).toMatchObject({
      block_out_channels: [320, 640, 1280, 1280],
      layers_per_block: 2,
      norm_eps: 1e-5,
    });
  });

  it("of Stable Diffusion 1.5 has that network's parameters", () => {
    // The shape of SD 1.5's U-Net: 686 tensors, 859,520,964 numbers.
    const specs = unetParameterShapes(read({ cross_attention_dim: 768 }));
    const count = specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    expect([specs.length, count]).toEqual([686, 859_520_964]);
  });

  it.each<[unknown, string]>([
    [{ norm_num_groups: 'eight' }, 'norm_num_groups: found "eight"; expected number'],
    [{ time_embedding_type: 'fourier' }, 'time_embedding_type: found "fourier"; expected "positional"'],
    [{ dual_cross_attention: true }, 'dual_cross_attention: found true; expected false'],
    [{ attention_head_dim: [8, 8] }, 'attention_head_dim: found [8,8]; expected 4 entries'],
    ['{"a":', 'is not JSON'],
  ])('%j is refused with file, key and what was found', (content, message) => {
    expect(() => read(content)).toThrow(`${path}: ${message}`);
  });

  it('that is missing is named', () => {
    expect(() => readConfigFile('nowhere/config.json', unetConfigSchema)).toThrow(
      'nowhere/config.json: expected a file, found nothing',
    );
  });
});
