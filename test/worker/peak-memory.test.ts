import { accessSync, constants } from 'node:fs';
import { expect, it } from 'vitest';
import { forgetPeakMemory, peakMemoryMiB } from '../../harness/worker/peak-memory.ts';

function canForget(): boolean {
  try {
    accessSync('/proc/self/clear_refs', constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

it('is what the process held at once, also when it holds it no more', () => {
  forgetPeakMemory();
  const before = peakMemoryMiB();
  // Touched, so that it is really there.
  const held = [new Uint8Array(256 * 2 ** 20).fill(1)];
  expect(held.pop()).toBeDefined();
  expect(peakMemoryMiB()).toBeGreaterThan(before + 200);
});

it.runIf(canForget())('begins anew where the system lets it', () => {
  // Before: what is collected afterwards was still held when it began anew.
  const { rss } = process.memoryUsage();
  forgetPeakMemory();
  expect(Math.abs(peakMemoryMiB() - rss / 2 ** 20)).toBeLessThan(50);
});
