/**
 * `npm run bench:evaluate`: the time of `tweedie evaluate` from a folder's files to a number, and that of torch-fidelity
 * and pyiqa on the same files with the same weights, in interleaved rounds.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yargs from 'yargs';
import { describeMachine } from '../machine.ts';
import { markdownTable } from '../markdown.ts';
import { CACHE, findPython, peerEnvironment } from '../pytorch.ts';
import { median } from '../statistics.ts';
import { type Cost, timed } from '../timed-command.ts';
import { SIDE, writePictures } from './pictures.ts';
import { HEADS, writeWeights } from './weights.ts';

/** From test/bench/build/test/bench/evaluate. */
const TWEEDIE = fileURLToPath(new URL('../../../../../../dist/harness/cli/main.js', import.meta.url));
const PEER = fileURLToPath(new URL('../../../../evaluate/peer.py', import.meta.url));

/** Our metric by the peer's name of it, and how far apart the two numbers may lie. */
const METRICS = {
  fid: { ours: 'fid-torch-fidelity', by: 'torch-fidelity', tolerance: 1e-3 },
  lpips: { ours: 'lpips', by: 'pyiqa', tolerance: 1e-4 },
  'lpips-vgg': { ours: 'lpips-vgg', by: 'pyiqa', tolerance: 1e-4 },
  psnr: { ours: 'psnr', by: 'pyiqa', tolerance: 1e-4 },
  ssim: { ours: 'ssim', by: 'pyiqa', tolerance: 1e-4 },
} as const;
type MetricName = keyof typeof METRICS;

const options = await yargs(process.argv.slice(2))
  .scriptName('npm run bench:evaluate --')
  .usage(
    `$0\n\nSeconds from two folders of ${SIDE}x${SIDE} PNG pictures to a number, programs' start included: wall time, and CPU of all processes. Pictures and weights by a rule are made once, in ${CACHE}.`,
  )
  .option('pictures', { type: 'number', default: 2000, describe: 'In each folder' })
  .option('rounds', { type: 'number', default: 1, describe: 'Runs of each, interleaved' })
  .option('threads', { type: 'number', default: availableParallelism(), describe: 'Of ours and of theirs' })
  .option('metrics', { type: 'string', default: Object.keys(METRICS).join(), describe: 'Which, by commas' })
  .strict()
  .version(false)
  .parseAsync();
const asked = options.metrics.split(',');
const unknown = asked.find((name) => !(name in METRICS));
if (unknown !== undefined) {
  console.error(`there is no metric "${unknown}" here; there are ${Object.keys(METRICS).join(', ')}`);
  process.exit(2);
}
const python = findPython('evaluate', 'torch_fidelity, pyiqa');
if (!python) console.error('no python with torch-fidelity and pyiqa (test/bench/evaluate/setup): ours alone');

const files = join(CACHE, 'evaluate-files');
mkdirSync(files, { recursive: true });
const weights = writeWeights(files);
const { generated, reference } = await writePictures(files, options.pictures);

interface Found extends Cost {
  readonly value: number;
}

function ours(name: MetricName): Found {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-evaluate-'));
  const out = join(dir, 'scores.json');
  const given = {
    'pt_inception-2015-12-05-6726825d.pth': weights.inception,
    'alexnet-owt-7be5be79.pth': weights.alex,
    'alex.pth': join(HEADS, 'lin_alex.safetensors'),
    'vgg16-397923af.pth': weights.vgg,
    'vgg.pth': join(HEADS, 'lin_vgg.safetensors'),
  };
  try {
    const cost = timed([
      process.execPath,
      TWEEDIE,
      'evaluate',
      ...['--generated', generated, '--reference', reference, '--metrics', METRICS[name].ours],
      ...['--results', dir, '--device', `cpu:${options.threads}`, '--out', out],
      ...Object.entries(given).flatMap(([file, path]) => ['--weights', `${file}=${path}`]),
    ]);
    return { ...cost, value: JSON.parse(readFileSync(out, 'utf8')).metrics[0].value };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function theirs(name: MetricName): Found {
  const command = [PEER, name, generated, reference, files, HEADS, String(options.threads)];
  const { stdout, ...cost } = timed([python!, ...command], {
    env: peerEnvironment(process.env, options.threads),
  });
  return { ...cost, value: JSON.parse(stdout.split('\n').at(-1)!).value };
}

const HEAD = ['metric', 'ours, wall', 'CPU', 'peer', 'theirs, wall', 'CPU', 'ratio, wall', 'CPU'];
const rows: string[][] = [];
for (const name of asked as MetricName[]) {
  const [own, other]: [Found[], Found[]] = [[], []];
  for (let round = 0; round < options.rounds; round++) {
    own.push(ours(name));
    if (python) other.push(theirs(name));
    refuseOther(name, own.at(-1)!, other.at(-1));
  }
  const middle = (found: readonly Found[], key: 'wall' | 'cpu') => median(found.map((one) => one[key]));
  const seconds = (found: readonly Found[]) =>
    (['wall', 'cpu'] as const).map((key) =>
      python || found === own ? `${middle(found, key).toFixed(1)} s` : '',
    );
  const ratios = (['wall', 'cpu'] as const).map((key) =>
    python ? (middle(own, key) / middle(other, key)).toFixed(2) : '',
  );
  const cells = [METRICS[name].ours, ...seconds(own), METRICS[name].by, ...seconds(other), ...ratios];
  rows.push(cells);
  console.error(`${cells.join('  ')}  load ${loadavg()[0]!.toFixed(1)}`);
}
const versions = python
  ? [
      execFileSync(
        python,
        [
          '-c',
          'import torch, torch_fidelity as t, pyiqa as p; print(f"PyTorch {torch.__version__}, torch-fidelity {t.__version__}, pyiqa {p.__version__}")',
        ],
        { encoding: 'utf8' },
      ).trim(),
    ]
  : [];
console.log(describeMachine(options.threads, versions));
console.log(
  `${options.pictures} pictures in each folder; medians of ${options.rounds}\n\n${markdownTable(HEAD, rows)}`,
);

/** A time is worth nothing where the number was another one. */
function refuseOther(name: MetricName, { value }: Found, peer: Found | undefined): void {
  if (!peer || Math.abs(value - peer.value) <= METRICS[name].tolerance * Math.abs(peer.value)) return;
  throw new Error(`${name}: ${METRICS[name].by} finds ${peer.value}, ours is ${value}`);
}
