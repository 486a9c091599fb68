import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Dataset } from '../../harness/data/dataset.ts';
import { openFolder } from '../../harness/data/folder.ts';
import { UserError } from '../../harness/errors.ts';
import { jsonHash } from '../../harness/identity/keys.ts';
import { type ImageMetric, needsSides } from '../../harness/metrics/metric.ts';
import type { CaptionMetric } from '../../harness/metrics/network-metric.ts';
import type { Registries } from '../../harness/plan/registries.ts';
import { defineSolver } from '../../harness/solvers/solver.ts';
import { defineRestoration } from '../../harness/tasks/restore/restoration.ts';
import type { Task } from '../../harness/tasks/task.ts';

const never = (): never => {
  throw new Error('planning must not compute anything');
};

const solver = (name: string, params: z.ZodObject) =>
  defineSolver({
    name,
    version: 1,
    paper: `${name} paper`,
    requires: {},
    params,
    solve: never,
  });

const task = (name: string, params: z.ZodObject, baseline: string, misfit: Task['misfit'] = () => null) =>
  defineRestoration({
    name,
    version: 1,
    source: 'test',
    params,
    misfit,
    operator: never,
    noise: never,
    baseline: { name: baseline, solve: never },
  });

const metric = (name: string): ImageMetric => ({
  name,
  version: 1,
  of: 'picture',
  against: 'truth',
  level: 'image',
  by: 'arithmetic',
  better: 'higher',
  digits: 2,
  protocol: { range: 255 },
  score: never,
});

const agreement: CaptionMetric = {
  ...metric('agreement'),
  of: 'picture',
  against: 'caption',
  by: 'network',
  weights: [],
  protocol: () => ({ reads: 'captions' }),
  open: never,
};

const pictures = (name: string, count: number): Dataset => ({
  name,
  ids: async (split) => Array.from({ length: count }, (_, i) => `${split}/${i}`),
  item: async (id, { height, width }) => ({
    id,
    height,
    width,
    image: new Float32Array(3 * height * width),
    sha256: jsonHash({ id, height, width }),
  }),
});

const byName = <T extends { readonly name: string }>(...things: T[]) =>
  new Map(things.map((thing) => [thing.name, thing]));

/** Small registries in which every kind of parameter occurs; nothing in them can compute. */
export const fakes: Registries = {
  solvers: byName(
    solver(
      'ldps',
      z.object({ steps: z.int().min(1).default(1000), latentStep: z.number().positive().default(1) }),
    ),
    solver(
      'p2l',
      z.object({
        steps: z.int().min(1).default(1000),
        promptSteps: z.int().min(0).default(1),
        latentStep: z.number().positive().default(1),
        mode: z.enum(['plain', 'adam']).default('plain'),
        betas: z.array(z.number()).length(2).default([0.9, 0.999]),
        cfg: z.object({ scale: z.number().default(1), from: z.number().default(0) }).prefault({}),
      }),
    ),
  ),
  tasks: byName(
    task(
      'super-resolution',
      z.object({ factor: z.int().min(2).default(4), noise: z.number().min(0).default(0.01) }),
      'bicubic',
      // The fake prior's images have 8x8 pixels.
      ({ factor }, [, height]) =>
        height % (factor as number) === 0 ? null : { parameter: 'factor', expected: 'a divisor' },
    ),
    task('gaussian-deblurring', z.object({ std: z.number().default(2) }), 'measurement'),
  ),
  metrics: byName<ImageMetric | CaptionMetric>(metric('psnr'), metric('ssim'), agreement, {
    ...metric('picky'),
    refuses: needsSides(9, 'its taste'),
  }),
  priors: byName({
    description: 'a fake',
    name: 'embedded',
    version: 1,
    params: z.object({ ema: z.boolean().default(true) }),
    inspect: async ({ ema }) => {
      if (!ema) throw new UserError('weights/plain.safetensors: no such file');
      return { imageShape: [3, 8, 8] as const, weightsSha256: 'ab'.repeat(32), toy: true };
    },
    open: never,
  }),
  datasets: byName(pictures('toyfaces', 6)),
  devices: new Set(['cpu', 'wasm']),
  checkDevice: (name) => {
    if (name === 'cpu:0') throw new UserError('unknown device "cpu:0": expected cpu[:threads] or wasm');
  },
  openFolder,
};

/** An experiment that is right; tests replace what they are about. */
export const GOOD = `name: trial
prior: embedded
data: { set: toyfaces, count: 3 }
tasks:
  - super-resolution: { factor: 8 }
solvers:
  - ldps: { steps: 50 }
`;

/** Writes files into a new folder and returns its path. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-config-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
