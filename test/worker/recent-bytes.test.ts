import { expect, it } from 'vitest';
import { RecentBytes } from '../../harness/worker/recent-bytes.ts';

const bytes = (length: number) => Buffer.alloc(length);

it('keeps what was used last, as far as its limit goes', () => {
  const recent = new RecentBytes(10);
  recent.keep('a', bytes(4));
  recent.keep('b', bytes(4));
  recent.keep('a', recent.get('a')!);
  recent.keep('c', bytes(4));
  expect([recent.get('a')?.length, recent.get('b'), recent.get('c')?.length]).toEqual([4, undefined, 4]);
});

it('counts what is kept again once', () => {
  const recent = new RecentBytes(10);
  for (let i = 0; i < 5; i++) recent.keep('a', bytes(6));
  recent.keep('b', bytes(4));
  expect(recent.get('a')).toHaveLength(6);
});

it('does not keep what is larger than all that it may keep', () => {
  const recent = new RecentBytes(10);
  recent.keep('a', bytes(11));
  expect(recent.get('a')).toBeUndefined();
  recent.keep('b', bytes(10));
  expect(recent.get('b')).toHaveLength(10);
});
