import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./mapped/measure.mjs', import.meta.url));
const MIB = 2 ** 20;

it.skipIf(!existsSync('/proc/self/status'))(
  'a second graph of a large network takes less than 5 % of its weights in memory of its own',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'tweedie-mapped-'));
    try {
      const printed = execFileSync(process.execPath, ['--expose-gc', SCRIPT, join(folder, 'w.safetensors')], {
        encoding: 'utf8',
        // As the worker's child has it (harness/worker/child-process.ts).
        env: { ...process.env, MALLOC_MMAP_THRESHOLD_: String(MIB) },
      });
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
