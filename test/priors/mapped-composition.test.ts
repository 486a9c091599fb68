import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./mapped/compose.mjs', import.meta.url));

it.skipIf(!existsSync('/proc/self/status'))(
  "two passes of a large U-Net with another attention, in one graph, are the network's and take less than a fifth of its weights in memory of its own",
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'tweedie-composed-'));
    try {
      const printed = execFileSync(process.execPath, ['--expose-gc', SCRIPT, folder], {
        encoding: 'utf8',
        // As the worker's child has it (harness/worker/child-process.ts).
        env: { ...process.env, MALLOC_MMAP_THRESHOLD_: String(2 ** 20) },
      });
      const { weights, composed, apart } = JSON.parse(printed);
      // From there on a graph has no copies of its weights.
      expect(weights).toBeGreaterThan(256);
      expect(apart).toBeLessThan(1e-5);
      expect(composed).toBeLessThan(0.2 * weights);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  120_000,
);
