import { expect, it } from 'vitest';
import { drain } from '../../harness/scheduler/drain.ts';

it('the loop that fails first stops the others, and its error is thrown when all have ended', async () => {
  const stop = new AbortController();
  const ended: string[] = [];
  const loops = [
    async () => {
      throw new Error('first');
    },
    async () => {
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
      ended.push('other');
      throw new Error('second');
    },
  ];
  const all = drain(2, () => loops.shift()!(), stop);
  await expect(all).rejects.toThrow(new Error('first'));
  expect(ended).toEqual(['other']);
});
