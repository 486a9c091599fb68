import { describe, expect, it } from 'vitest';
import { normals } from '../../harness/engine/random.ts';
import { TorchCpuGenerator } from '../../harness/engine/torch-random.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';

const valuesOf = (streams: BatchStreams, ...args: Parameters<BatchStreams['normal']>) => [
  ...streams.normal(...args).dataSync(),
];

describe('the random numbers of a batch', () => {
  it('are the same for an image in any batch, at any place', () => {
    const together = valuesOf(new BatchStreams(0, ['a', 'b', 'c']), 'step', [2, 2]);
    const alone = valuesOf(new BatchStreams(0, ['c']), 'step', [2, 2]);
    expect(together.slice(8)).toEqual(alone);
  });

  it('are the numbered draws of the key (seed, role, image)', () => {
    const streams = new BatchStreams(7, ['a']);
    for (const draw of [0, 1, 2]) {
      const expected = normals({ seed: 7, role: 'initial', image: 'a', draw }, 4);
      expect(valuesOf(streams, 'initial', [4])).toEqual([...expected]);
    }
  });

  it('of one role do not depend on how often another was drawn from', () => {
    const [busy, quiet] = [new BatchStreams(0, ['a']), new BatchStreams(0, ['a'])];
    busy.normal('initial', [3]);
    busy.uniforms('operator', 0)();
    expect(valuesOf(busy, 'step', [3])).toEqual(valuesOf(quiet, 'step', [3]));
  });

  it('differ between images, roles and seeds', () => {
    const first = new BatchStreams(0, ['a', 'b']);
    const [a, b] = [first.uniforms('operator', 0)(), first.uniforms('operator', 1)()];
    const other = new BatchStreams(1, ['a']).uniforms('operator', 0)();
    expect(new Set([a, b, other, new BatchStreams(0, ['a']).uniforms('measurement', 0)()]).size).toBe(4);
  });
});

describe('the random numbers of a batch with rng: torch-cpu', () => {
  const torch = (...images: string[]) => new BatchStreams(5, images, 'torch-cpu');

  it('are those of a script that seeds before each image and draws in the order of the calls', () => {
    const streams = torch('a');
    const script = new TorchCpuGenerator(5);
    for (const role of ['measurement', 'initial', 'step', 'step'] as const) {
      expect(valuesOf(streams, role, [3, 9])).toEqual([...script.randn(27)]);
    }
  });

  it('are the same for every image, in any batch', () => {
    const [one, two] = [torch('a'), torch('b', 'c')];
    for (const role of ['measurement', 'initial'] as const) {
      const alone = valuesOf(one, role, [5]);
      expect(valuesOf(two, role, [5])).toEqual([...alone, ...alone]);
    }
  });

  it('are torch.rand where a step asks for uniform numbers', async () => {
    const [streams, script] = [torch('a'), new TorchCpuGenerator(5)];
    expect([...(await streams.uniform('step', [3]).data())]).toEqual([...script.rand(3)]);
    expect(valuesOf(streams, 'step', [2])).toEqual([...script.randn(2)]);
  });

  it('leave masks and kernels to Philox, which take nothing from the generator', () => {
    const streams = torch('a');
    expect(streams.uniforms('operator', 0)()).toBe(new BatchStreams(5, ['a']).uniforms('operator', 0)());
    expect(valuesOf(streams, 'measurement', [2])).toEqual([...new TorchCpuGenerator(5).randn(2)]);
  });
});
