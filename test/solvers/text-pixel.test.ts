/** Guidance on a text-conditioned pixel model: velocities, a cosine schedule, and a CLIP of noised pictures. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runSolver } from '../../harness/conformance/run-solver.ts';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import { openTextPixel } from '../../harness/priors/text-pixel.ts';
import cfg from '../../harness/solvers/cfg.ts';
import cfgpp from '../../harness/solvers/cfgpp-generate.ts';
import clipGuidance from '../../harness/solvers/clip-guidance.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import thresholdedCfg from '../../harness/solvers/thresholded-cfg.ts';
import { apart } from '../support/apart.ts';
import { writeTinyTextPixel } from '../support/tiny-text-pixel.ts';

let device: Device;
let prior: Prior;
beforeAll(async () => {
  device = await openDevice('cpu:1');
  const folder = writeTinyTextPixel();
  prior = openTextPixel(folder, 'tiny', device.constant);
  rmSync(folder, { recursive: true });
});
afterAll(() => prior.dispose());

const captions = [
  'a smiling dark face looking right with long red hair green hat blue eyes on plain green lit from above',
  'a sad tan face looking ahead with short red hair brown eyes on dotted green lit from right',
];
const made = async (solver: Solver, params: object) =>
  (await runSolver(solver, { captions }, prior, { steps: 4, ...params }, { compile: device.compile }))
    .restored;

it.each<[string, Solver, object]>([
  ['cfg', cfg, {}],
  ['cfg by euler, from the highest level of a cosine schedule', cfg, { sampler: 'euler' }],
  ['cfgpp-generate by dpmpp-2m', cfgpp, { sampler: 'dpmpp-2m' }],
  ['thresholded-cfg', thresholdedCfg, {}],
  ['clip-guidance', clipGuidance, {}],
  ['clip-guidance by ddim', clipGuidance, { sampler: 'ddim' }],
])('%s gives finite pictures', async (_, solver, params) => {
  const pictures = await made(solver, params);
  expect(pictures.length).toBe(2 * 3 * 32 * 32);
  expect(pictures.every(Number.isFinite)).toBe(true);
});

it("CLIP's gradient is felt", async () => {
  const [free, led] = [await made(clipGuidance, { scale: 0 }), await made(clipGuidance, { scale: 30 })];
  expect(apart(led, free)).toBeGreaterThan(1e-3);
});
