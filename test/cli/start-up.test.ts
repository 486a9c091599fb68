import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { gemm } from '../../harness/engine/linear-algebra/gemm.ts';
import { tf } from '../../harness/engine/tf.ts';
import { sharp } from '../../harness/pictures/sharp.ts';
import { openStore } from '../../harness/store/store.ts';
import { folderWith } from '../config/fakes.ts';
import { tweedie } from './run-cli.ts';

/** Each takes longer to load than small commands take. */
const LARGE = ['@img', '@tensorflow', 'onnxruntime-node', 'protobufjs'];

const loaded = () => {
  const files = Object.keys(createRequire(import.meta.url).cache);
  return LARGE.filter((name) => files.some((file) => file.includes(`/node_modules/${name}/`)));
};

describe('what computes, and what reads pictures', () => {
  it.each([
    [['--version'], 0],
    [['--help'], 0],
    [['run', '--help'], 0],
    [['list', 'solvers'], 0],
    [['published'], 0],
    [['plan', 'configs/demo.yaml'], 0],
    [['status'], 0],
    [['report'], 2],
    [['export'], 2],
  ])('are not loaded by %j', async (words, code) => {
    const results = folderWith({});
    openStore(results, { create: true });
    const given = words[0]!.startsWith('--') ? [] : ['--results', results];
    expect((await tweedie(...words, ...given)).code).toBe(code);
    expect(loaded()).toEqual([]);
  });

  it('are loaded by the first that is asked of them', async () => {
    expect(tf.add(1, 2).dataSync()).toEqual(Float32Array.of(3));
    expect(loaded()).toEqual(['@tensorflow']);
    await sharp(Buffer.of(0), { raw: { width: 1, height: 1, channels: 1 } }).toBuffer();
    expect(loaded()).toEqual(['@img', '@tensorflow']);
    await gemm(
      { rows: 1, columns: 1, data: Float64Array.of(2) },
      { rows: 1, columns: 1, data: Float64Array.of(3) },
    );
    expect(loaded()).toEqual(LARGE);
  });
});
