import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import { openStore } from '../../harness/store/store.ts';
import { folderWith } from '../config/fakes.ts';
import { tweedie } from './run-cli.ts';

const hasTensorFlow = () =>
  Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('@tensorflow'));

describe('TensorFlow.js, which takes longer to load than small commands take', () => {
  it.each([
    [['--version'], 0],
    [['--help'], 0],
    [['run', '--help'], 0],
    [['list', 'solvers'], 0],
    [['published'], 0],
    [['status'], 0],
    [['report'], 2],
    [['export'], 2],
  ])('is not loaded by %j', async (words, code) => {
    const results = folderWith({});
    openStore(results, { create: true });
    const given = words[0]!.startsWith('--') ? [] : ['--results', results];
    expect((await tweedie(...words, ...given)).code).toBe(code);
    expect(hasTensorFlow()).toBe(false);
  });

  it('is loaded by the first that is asked of it', () => {
    expect(tf.add(1, 2).dataSync()).toEqual(Float32Array.of(3));
    expect(hasTensorFlow()).toBe(true);
  });
});
