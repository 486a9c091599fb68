import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GAUSSIAN_SSIM, ssim } from '../../../harness/metrics/ssim.ts';
import { median } from '../statistics.ts';

/** The larger side of DIV2K's pictures, and a usual smaller one. */
const [WIDTH, HEIGHT] = [2040, 1356];
const ROUNDS = 5;

/** Of the same two planes, on one thread; first once without its time being taken. */
const SKIMAGE = `
import sys, time, numpy, skimage
from skimage.metrics import structural_similarity
a, b = numpy.fromfile(sys.argv[1], numpy.uint8).reshape(2, ${HEIGHT}, ${WIDTH})
for i in range(2):
    start = time.process_time()
    value = structural_similarity(a, b, data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    seconds = time.process_time() - start
print(skimage.__version__, repr(float(value)), seconds)
`;

/** CPU seconds of SSIM of two planes of 2040 x 1356, medians of interleaved rounds. */
export interface SsimCost {
  readonly ours: number;
  /** null where no Python here ($PYTHON, python3) has scikit-image. */
  readonly theirs: { readonly version: string; readonly seconds: number } | null;
}

/** @throws Error where scikit-image finds another number */
export function ssimCost(): SsimCost {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-ssim-'));
  try {
    const file = join(dir, 'planes');
    const planes = [0, 1].map((which) => ({ width: WIDTH, height: HEIGHT, data: madeUp(which) }));
    const [a, b] = planes as [(typeof planes)[0], (typeof planes)[0]];
    writeFileSync(file, Buffer.concat(planes.map(({ data }) => data)));
    const python = [process.env.PYTHON ?? 'python3'].find(
      (one) => spawnSync(one, ['-c', 'import skimage']).status === 0,
    );
    const value = ssim(a, b, GAUSSIAN_SSIM);
    const ours: number[] = [];
    const theirs: number[] = [];
    let version = '';
    for (let round = 0; round < ROUNDS; round++) {
      const start = process.cpuUsage();
      ssim(a, b, GAUSSIAN_SSIM);
      const { user, system } = process.cpuUsage(start);
      ours.push((user + system) / 1e6);
      if (!python) continue;
      const env = { ...process.env, OMP_NUM_THREADS: '1' };
      const said = execFileSync(python, ['-c', SKIMAGE, file], { env, encoding: 'utf8' }).trim().split(' ');
      if (Math.abs(Number(said[1]) - value) > 1e-9)
        throw new Error(`SSIM: ${value}, scikit-image's ${said[1]}`);
      version = said[0]!;
      theirs.push(Number(said[2]));
    }
    return { ours: median(ours), theirs: python ? { version, seconds: median(theirs) } : null };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A plane of waves, which the other one has with something else on top: no noise, and no number near 0. */
function madeUp(which: number): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    return 128 + 60 * Math.sin(x / 9) * Math.cos(y / 7) + which * 30 * Math.sin(x * y);
  });
}
