import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./mapped/measure.mjs', import.meta.url));
const MIB = 2 ** 20;

// Below 4 MiB of weights an input gradient is a convolution with weights turned round, above it a transposed one. Both networks
// are above the size at which a graph of a network in files is worth copies of its weights.
it.skipIf(!existsSync('/proc/self/status')).each([
  [20, 640],
  [80, 320],
])(
  'a second graph of a large network, %i layers of %i channels, takes less than a twentieth of its weights in memory of its own',
  (layers, channels) => {
    const folder = mkdtempSync(join(tmpdir(), 'tweedie-mapped-'));
    try {
      const printed = execFileSync(
        process.execPath,
        ['--expose-gc', SCRIPT, join(folder, 'w.safetensors'), `${layers}`, `${channels}`],
        {
          encoding: 'utf8',
          // As the worker's child has it (harness/worker/child-process.ts).
          env: { ...process.env, MALLOC_MMAP_THRESHOLD_: String(MIB) },
        },
      );
      const { mapped, finite, weights, first, second } = JSON.parse(printed);
      expect({ mapped, finite }).toEqual({ mapped: true, finite: true });
      const fivePercent = (0.05 * weights) / MIB;
      expect(first).toBeLessThan(4 * fivePercent);
      expect(second).toBeLessThan(fivePercent);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  120_000,
);
