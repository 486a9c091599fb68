import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { canMeasure, printedByProcess } from '../support/measuring-process.ts';

const script = (name: string) => fileURLToPath(new URL(`./mapped/${name}`, import.meta.url));

interface Growth {
  readonly mapped: boolean;
  readonly finite: boolean;
  /** MiB of the weights, and of the memory that the first graph and the second took. */
  readonly weights: number;
  readonly first: number;
  readonly second: number;
}

/** What a graph of a network's value and then one of its gradient cost a process. */
const growth = (layers: number, channels: number) => measured('measure.mjs', layers, channels) as Growth;

interface Peak {
  readonly mapped: boolean;
  readonly finite: boolean;
  /** MiB of the maps that a gradient keeps from the forward pass, of the largest of them, and of all at the worst moment. */
  readonly kept: number;
  readonly largest: number;
  readonly peak: number;
}

function measured(name: string, ...args: readonly number[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-mapped-'));
  try {
    return printedByProcess(script(name), join(folder, 'w.safetensors'), ...args.map(String));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!canMeasure)('of a network whose weights stay in their file', () => {
  // Below 4 MiB of weights an input gradient is a convolution with weights turned round, above it a transposed one.
  it.each([
    [20, 640],
    [80, 320],
  ])(
    'a second graph, %i layers of %i channels, takes less than a twentieth of its weights in memory of its own',
    (layers, channels) => {
      const { mapped, finite, weights, first, second } = growth(layers, channels);
      expect({ mapped, finite }).toEqual({ mapped: true, finite: true });
      expect(first).toBeLessThan(0.2 * weights);
      expect(second).toBeLessThan(0.05 * weights);
    },
    120_000,
  );

  it('each graph has one copy of at most 256 MiB of them, in a faster layout, for a gradient turned round', () => {
    const { mapped, finite, weights, first, second } = growth(40, 320);
    expect({ mapped, finite }).toEqual({ mapped: true, finite: true });
    for (const copy of [first, second]) {
      expect(copy).toBeGreaterThan(0.7 * weights);
      expect(copy).toBeLessThan(1.3 * weights);
    }
  }, 120_000);

  // Measured: 7.5 of the largest; 15 where a gradient's maps and those of the forward pass count as of one shape.
  it('a gradient holds what it keeps and a few of the largest maps, not some of each layer', () => {
    const { mapped, finite, kept, largest, peak } = measured('peak.mjs') as Peak;
    expect({ mapped, finite }).toEqual({ mapped: true, finite: true });
    expect(peak - kept).toBeLessThan(11 * largest);
  }, 120_000);
});
