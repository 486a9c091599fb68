import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../harness/engine/shape.ts';
import { TorchCpuGenerator } from '../../harness/engine/torch-random.ts';
import { distance, readFixture, readManifest } from '../support/fixture.ts';

type Call =
  | { fn: 'manual_seed'; seed: number }
  | {
      fn: 'rand' | 'randn' | 'randn_like';
      shape: number[];
      dtype: 'float32' | 'float64';
      output: string;
    }
  | { fn: 'randint' | 'random_'; shape: number[]; low: number; high: number; output: string }
  | { fn: 'randperm'; n: number; output: string };

const item = '11-torch-rng';
const manifest = readManifest(item);

function answer(generator: TorchCpuGenerator, call: Exclude<Call, { fn: 'manual_seed' }>): ArrayLike<number> {
  switch (call.fn) {
    case 'rand':
      return generator.rand(sizeOf(call.shape), call.dtype);
    case 'randn':
    case 'randn_like':
      return generator.randn(sizeOf(call.shape), call.dtype);
    case 'randint':
    case 'random_':
      return Array.from(generator.randint(call.low, call.high, sizeOf(call.shape)), Number);
    case 'randperm':
      return Array.from(generator.randperm(call.n), Number);
  }
}

// PyTorch 1.13.1 (AVX2): test/fixtures/11-torch-rng.
describe.each(manifest.cases)('$name', ({ file, params }) => {
  const tensors = readFixture(`${item}/${file}`);
  const generator = new TorchCpuGenerator(0);
  for (const call of params.calls as unknown as Call[]) {
    if (call.fn === 'manual_seed') {
      it(`manual_seed(${call.seed})`, () => void generator.manualSeed(call.seed));
      continue;
    }
    const { fn, output } = call;
    it(`${fn} gives ${output}`, () => {
      const actual = answer(generator, call);
      const expected = tensors[output]!.data;
      const { max_abs: limit } = manifest.files[file]![output]!.tolerance!;
      expect(actual.length).toBe(expected.length);
      if (limit === undefined) expect(Array.from(actual)).toEqual(Array.from(expected));
      else expect(distance(actual, expected).max_abs).toBeLessThanOrEqual(limit);
    });
  }
});

describe('a seed', () => {
  it('counts by its low 32 bits', () => {
    const expected = new TorchCpuGenerator(5).rand(4);
    expect(new TorchCpuGenerator(2n ** 32n + 5n).rand(4)).toEqual(expected);
    expect(new TorchCpuGenerator(2 ** 32 + 5).rand(4)).toEqual(expected);
  });

  // python3 -c "import torch; torch.manual_seed(-1); print((torch.rand(3) * 2**24).tolist())", PyTorch 1.13.1.
  it('may be negative', () => {
    expect(Array.from(new TorchCpuGenerator(-1).rand(3), (x) => x * 2 ** 24)).toEqual([
      16673187, 9584930, 9563148,
    ]);
  });

  it('is a whole number', () => {
    expect(() => new TorchCpuGenerator(0.5)).toThrow(RangeError);
  });

  it('forgets the spare normal of a pair', () => {
    const generator = new TorchCpuGenerator(3);
    generator.randn(1);
    expect(generator.manualSeed(3).randn(2)).toEqual(new TorchCpuGenerator(3).randn(2));
  });
});

describe('integers', () => {
  // python3 -c "import torch; torch.manual_seed(3); print(torch.randint(-2**40, 2**40, (3,)).tolist())", PyTorch 1.13.1.
  it('take 64-bit words for a range of 2^32 and more', () => {
    expect(new TorchCpuGenerator(3).randint(-(2 ** 40), 2 ** 40, 3)).toEqual(
      BigInt64Array.of(455570294424n, -26457217405n, 790795084744n),
    );
  });

  it('refuse an empty range', () => {
    expect(() => new TorchCpuGenerator(0).randint(5, 5, 1)).toThrow('expected low < high, found [5, 5)');
  });

  it('of a permutation are each there once', () => {
    expect([...new TorchCpuGenerator(1).randperm(100)].sort((a, b) => Number(a - b))).toEqual(
      Array.from({ length: 100 }, (_, i) => BigInt(i)),
    );
  });
});

it('an empty array draws nothing', () => {
  const generator = new TorchCpuGenerator(0);
  expect(generator.randn(0)).toHaveLength(0);
  expect(generator.rand(1)).toEqual(new TorchCpuGenerator(0).rand(1));
});
