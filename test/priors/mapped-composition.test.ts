import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { canMeasure, printedByProcess } from '../support/measuring-process.ts';
import { writeLargeUnet } from '../support/tiny-prior.ts';

const SCRIPT = fileURLToPath(new URL('./mapped/compose.mjs', import.meta.url));

it.skipIf(!canMeasure)(
  "two passes of a large U-Net with another attention, in one graph, are the network's and take less than a fifth of its weights in memory of its own",
  () => {
    const folder = writeLargeUnet();
    try {
      const { weights, composed, apart } = printedByProcess(SCRIPT, folder) as Record<string, number>;
      // From there on a graph has no copies of its weights.
      expect(weights).toBeGreaterThan(256);
      expect(apart).toBeLessThan(1e-5);
      expect(composed).toBeLessThan(0.2 * weights!);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  120_000,
);
