/**
 * `npm run bench`: times our engine against PyTorch and tfjs's wasm backend, in interleaved rounds, and against what this
 * machine can do at all.
 */
import { availableParallelism } from 'node:os';
import yargs from 'yargs';
import { PRECISIONS, type Precision, requireDevice } from '../../harness/engine/device.ts';
import { UserError } from '../../harness/errors.ts';
import type { BenchCase } from './case.ts';
import { probes } from './cases/kernels.ts';
import { casesNamed } from './cases/named.ts';
import { type Contender, InProcess } from './contender.ts';
import { describeMachine, installed } from './machine.ts';
import { markdownTable } from './markdown.ts';
import { findPython, PyTorch, torchDevice } from './pytorch.ts';
import { type Timed, timeInRounds } from './rounds.ts';
import { exitOnSignals } from './signals.ts';
import { median, spread } from './statistics.ts';
import { Wasm } from './wasm.ts';

const options = await yargs(process.argv.slice(2))
  .scriptName('npm run bench --')
  .usage(
    '$0\n\nMedian milliseconds [quartiles] of a run; ratio = ours / peer, of medians. Of peak: the floating-point operations of products and convolutions (as PyTorch counts them) a second, as a share of the best rate that a product or convolution reached here in this run.',
  )
  .option('json', { type: 'boolean', default: false, describe: 'One JSON object a line, and nothing else' })
  .option('filter', { type: 'string', default: '', describe: 'Only cases whose name contains this text' })
  .option('rounds', { type: 'number', default: 7, describe: 'Samples of each' })
  .option('threads', { type: 'number', default: availableParallelism(), describe: 'Of ours and of PyTorch' })
  .option('device', {
    type: 'string',
    describe: 'Ours, as cuda:0; PyTorch computes on the same [default: cpu with the threads]',
  })
  .option('precision', {
    choices: PRECISIONS,
    default: 'float32' as Precision,
    describe: "Of ours and of PyTorch; PyTorch's float32 is timed too",
  })
  .option('compiled', {
    type: 'boolean',
    default: true,
    describe: 'Compare with torch.compile too (--no-compiled: do not)',
  })
  .option('wasm', { type: 'boolean', default: true, describe: 'Compare with tfjs wasm (--no-wasm: do not)' })
  .strict()
  .version(false)
  .parseAsync();

const { threads, rounds, precision } = options;
const deviceName = options.device ?? `cpu:${threads}`;
try {
  await requireDevice(deviceName, precision);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exit(2);
}
const cases = casesNamed(options.filter);
exitOnSignals();

const ours = new InProcess('ours', deviceName, precision);
const peers: Contender[] = [];
const versions: string[] = [];
const python = findPython();
if (python) {
  const mode = { threads, compiled: false, device: torchDevice(python, deviceName), precision };
  const pytorch = await PyTorch.start('pytorch', python, mode);
  peers.push(pytorch);
  if (options.compiled)
    peers.push(await PyTorch.start('pytorch, compiled', python, { ...mode, compiled: true }));
  if (precision !== 'float32')
    peers.push(await PyTorch.start('pytorch, float32', python, { ...mode, precision: 'float32' }));
  versions.push(`PyTorch ${pytorch.version} on ${mode.device}`);
} else
  console.error(
    'no python with torch, which test/bench/pytorch/setup installs: no comparison with it, no peak',
  );
if (options.wasm) {
  peers.push(new Wasm());
  versions.push(`tfjs wasm ${installed('@tensorflow/tfjs-backend-wasm')} (1 thread)`);
}

const HEAD = ['case', 'batch', 'ours', 'of peak', 'peer', 'theirs', 'ratio', 'differs by'];
const table: string[][] = [];
const timed = (benchCase: BenchCase): Promise<Timed> =>
  timeInRounds(benchCase, [ours, ...peers.filter((peer) => peer.takes(benchCase))], rounds, precision);

const failed: string[] = [];
const probed: [BenchCase, Timed][] = [];
if (python) for (const probe of probes) probed.push([probe, await timed(probe)]);
const peak = Math.max(...probed.flatMap(([, { samples, operations }]) => rates(samples, operations)));
for (const [probe, result] of probed) show(probe, result);
for (const benchCase of cases) show(benchCase, await timed(benchCase));
await Promise.all([ours, ...peers].map((contender) => contender.close()));
if (!options.json) {
  console.log(describeMachine(threads, versions));
  if (options.device) console.log(`device ${deviceName}, ${precision}`);
  if (python)
    console.log(`peak: ${(peak / 1e6).toFixed(0)} GFLOP/s, the best of the first ${probes.length} cases`);
  console.log(`\n${markdownTable(HEAD, table)}`);
}
for (const failure of failed) console.error(failure);
if (failed.length > 0) process.exitCode = 1;

/** Operations a millisecond that each contender reached. */
function rates(samples: Timed['samples'], operations: number | null): number[] {
  return operations === null ? [] : [...samples.values()].map((taken) => operations / median(taken));
}

function show({ name, batch }: BenchCase, { samples, operations, differences, failures }: Timed): void {
  for (const failure of failures) failed.push(`${name}, batch ${batch}: ${failure}`);
  const own = samples.get(ours);
  if (!own) return;
  const ours_ms = median(own);
  const ofPeak = operations === null ? null : operations / ours_ms / peak;
  for (const peer of peers) {
    const theirs = samples.get(peer);
    if (!theirs) continue;
    const peer_ms = median(theirs);
    const ratio = ours_ms / peer_ms;
    const difference = differences.get(peer)!;
    if (options.json) {
      console.log(
        JSON.stringify({
          name,
          batch,
          threads,
          device: deviceName,
          precision,
          operations,
          ofPeak,
          ours_ms,
          peer: peer.name,
          peer_ms,
          ratio,
          difference,
        }),
      );
      continue;
    }
    const share = ofPeak === null ? '' : `${Math.round(100 * ofPeak)} %`;
    const figures = [ratio.toFixed(2), difference.toExponential(0)];
    const cells = [name, String(batch), spread(own), share, peer.name, spread(theirs), ...figures];
    table.push(cells);
    console.error(cells.join('  '));
  }
}
