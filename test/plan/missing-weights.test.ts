import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireWeights, storedProtocols } from '../../harness/cli/known-results.ts';
import type { Protocol } from '../../harness/metrics/metric.ts';
import type { CaptionMetric } from '../../harness/metrics/network-metric.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import type { Registries } from '../../harness/plan/registries.ts';
import { registerPlan } from '../../harness/scheduler/run-plan.ts';
import { fakes, folderWith, GOOD } from '../config/fakes.ts';
import { temporaryStore } from '../store/example.ts';

const HASH = 'c0ffee'.padEnd(64, '0');
const FILES = { files: 'png, 8-bit RGB' };

/** A metric whose network no machine has. */
const gone: CaptionMetric = {
  ...(fakes.metrics.get('agreement') as CaptionMetric),
  name: 'gone',
  against: 'truth' as never,
  weights: [{ name: 'gone.pth', sha256: 'c0ffee' }],
  protocol: (sha256) => ({ weights: `sha256 ${sha256['gone.pth']}` }),
};
const known: Registries = { ...fakes, metrics: new Map([...fakes.metrics, ['gone', gone]]) };
const file = join(folderWith({ 'e.yaml': `${GOOD}metrics: [psnr, gone]\n` }), 'e.yaml');
const planWith = (stored: Protocol | null) => loadPlan(file, known, [], () => stored);

it('weights are missed where no number tells their hashes, or those of another protocol', async () => {
  const missed = `${file}:8:17: metric gone: `;
  await expect(planWith(null)).rejects.toThrow(missed);
  await expect(planWith({ weights: `sha256 ${HASH}`, files: 'jpeg' })).rejects.toThrow(missed);
  await expect(planWith({ weights: `sha256 ${'ab'.repeat(32)}`, ...FILES })).rejects.toThrow(missed);
});

it('a metric is the one that its stored numbers are of, and its weights are missed where one is to be computed', async () => {
  const protocol = { weights: `sha256 ${HASH}`, ...FILES };
  const plan = await planWith(protocol);
  expect(plan.metrics.at(-1)).toMatchObject({ name: 'gone', protocol });
  const store = temporaryStore();
  registerPlan(store, plan);
  expect(storedProtocols(store.dir)('trial', 'gone', 1)).toEqual(protocol);
  expect(() => requireWeights(plan, store.dir, known)).toThrow(`${file}:8:17: metric gone: `);
  store.db.prepare("UPDATE cells SET status = 'done'").run();
  expect(() => requireWeights(plan, store.dir, known)).not.toThrow();
});
