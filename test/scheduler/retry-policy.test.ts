import { describe, expect, it } from 'vitest';
import { afterFailure, firstAttempt } from '../../harness/scheduler/retry-policy.ts';
import type { FailureKind } from '../../harness/store/records.ts';
import { batchOf } from './batches.ts';

const batch = firstAttempt(batchOf('a', 'b', 'c'), ['a', 'b', 'c']);
const single = firstAttempt(batchOf('a'), ['a']);

describe('a failed batch', () => {
  it.each<FailureKind>(['crashed', 'lost'])(
    'that %s is tried once more as the plan composed it, for what it still lacks',
    (kind) => {
      const [again, ...none] = afterFailure(batch, kind, ['b', 'c']);
      expect(none).toEqual([]);
      expect(again).toMatchObject({ batch: batch.batch, wanted: ['b', 'c'] });
    },
  );

  it('is then taken apart into the images that still lack a result', () => {
    const [again] = afterFailure(batch, 'crashed', ['b', 'c']);
    const parts = afterFailure(again!, 'crashed', ['c']);
    expect(parts.map(({ batch, wanted }) => [batch.items.map(({ cellKey }) => cellKey), wanted])).toEqual([
      [['c'], ['c']],
    ]);
  });

  it.each<FailureKind>(['oom', 'timeout', 'solver-error'])('of kind %s is taken apart at once', (kind) => {
    const parts = afterFailure(batch, kind, ['a', 'b', 'c']);
    expect(parts.map(({ wanted }) => wanted)).toEqual([['a'], ['b'], ['c']]);
    expect(new Set(parts.map(({ batch }) => batch.key)).size).toBe(3);
  });

  it('is taken apart with each image under its own method', () => {
    const plain = batchOf('a', 'b');
    const gentler = { ...plain.method, key: 'gentler' };
    const items = [plain.items[0]!, { ...plain.items[1]!, method: gentler }];
    const parts = afterFailure(firstAttempt({ ...plain, items }, ['a', 'b']), 'oom', ['a', 'b']);
    expect(parts.map(({ batch }) => [batch.method.key, batch.items])).toEqual([
      [plain.method.key, [plain.items[0]]],
      ['gentler', [plain.items[1]]],
    ]);
  });

  it('gives images that fail alone no further attempt', () => {
    for (const part of afterFailure(batch, 'timeout', ['a', 'b']))
      expect(afterFailure(part, 'timeout', part.wanted)).toEqual([]);
  });
});

describe('a failed image', () => {
  it.each<FailureKind>(['crashed', 'lost', 'timeout'])('that %s is tried once more', (kind) => {
    const [again] = afterFailure(single, kind, ['a']);
    expect(again).toMatchObject({ wanted: ['a'] });
    expect(afterFailure(again!, kind, ['a'])).toEqual([]);
  });

  it.each<FailureKind>(['oom', 'solver-error', 'nan'])(
    'of kind %s is not: it would only fail again',
    (kind) => {
      expect(afterFailure(single, kind, ['a'])).toEqual([]);
    },
  );
});
