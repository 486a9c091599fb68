/**
 * `npm run bench`: times our engine against PyTorch and tfjs's wasm backend, in interleaved rounds, and against what this
 * machine can do at all.
 */
import { availableParallelism, constants } from 'node:os';
import Table from 'cli-table3';
import yargs from 'yargs';
import type { BenchCase } from './case.ts';
import { CASES } from './cases/index.ts';
import { probes } from './cases/kernels.ts';
import { type Contender, InProcess } from './contender.ts';
import { describeMachine, installed } from './machine.ts';
import { findPython, PyTorch } from './pytorch.ts';
import { type Timed, timeInRounds } from './rounds.ts';
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
  .option('compiled', {
    type: 'boolean',
    default: true,
    describe: 'Compare with torch.compile too (--no-compiled: do not)',
  })
  .option('wasm', { type: 'boolean', default: true, describe: 'Compare with tfjs wasm (--no-wasm: do not)' })
  .strict()
  .version(false)
  .parseAsync();

const cases = CASES.filter(
  ({ name, onlyByName }) => name.includes(options.filter) && (!onlyByName || options.filter !== ''),
);
if (cases.length === 0) {
  console.error(
    `no case's name contains "${options.filter}"; there are:\n${[...new Set(CASES.map((c) => c.name))].join('\n')}`,
  );
  process.exit(2);
}

// A signal alone would leave what is removed at this process's exit: weights in temporary files.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(128 + constants.signals[signal]));

const ours = new InProcess('ours', `cpu:${options.threads}`);
const peers: Contender[] = [];
const versions: string[] = [];
const python = findPython();
if (python) {
  const pytorch = await PyTorch.start(python, options.threads, false);
  peers.push(pytorch);
  if (options.compiled) peers.push(await PyTorch.start(python, options.threads, true));
  versions.push(`PyTorch ${pytorch.version}`);
} else
  console.error(
    'no python with torch, which test/bench/pytorch/setup installs: no comparison with it, no peak',
  );
if (options.wasm) {
  peers.push(new Wasm());
  versions.push(`tfjs wasm ${installed('@tensorflow/tfjs-backend-wasm')} (1 thread)`);
}

const table = new Table({
  head: ['case', 'batch', 'ours', 'of peak', 'peer', 'theirs', 'ratio'],
  style: { head: [], border: [] },
});
const timed = (benchCase: BenchCase): Promise<Timed> =>
  timeInRounds(benchCase, [ours, ...peers.filter((peer) => peer.takes(benchCase))], options.rounds);

const probed: [BenchCase, Timed][] = [];
if (python) for (const probe of probes) probed.push([probe, await timed(probe)]);
const peak = Math.max(...probed.flatMap(([, { samples, operations }]) => rates(samples, operations)));
for (const [probe, result] of probed) show(probe, result);
for (const benchCase of cases) show(benchCase, await timed(benchCase));
await Promise.all([ours, ...peers].map((contender) => contender.close()));
if (!options.json) {
  console.log(describeMachine(options.threads, versions));
  if (python)
    console.log(`peak: ${(peak / 1e6).toFixed(0)} GFLOP/s, the best of the first ${probes.length} cases`);
  console.log(table.toString());
}

/** Operations a millisecond that each contender reached. */
function rates(samples: Timed['samples'], operations: number | null): number[] {
  return operations === null ? [] : [...samples.values()].map((taken) => operations / median(taken));
}

function show({ name, batch }: BenchCase, { samples, operations }: Timed): void {
  const own = samples.get(ours)!;
  const ours_ms = median(own);
  const ofPeak = operations === null ? null : operations / ours_ms / peak;
  for (const peer of peers) {
    const theirs = samples.get(peer);
    if (!theirs) continue;
    const peer_ms = median(theirs);
    const ratio = ours_ms / peer_ms;
    if (options.json) {
      const { threads } = options;
      console.log(
        JSON.stringify({
          name,
          batch,
          threads,
          operations,
          ofPeak,
          ours_ms,
          peer: peer.name,
          peer_ms,
          ratio,
        }),
      );
      continue;
    }
    const share = ofPeak === null ? '' : `${Math.round(100 * ofPeak)} %`;
    const cells = [name, String(batch), spread(own), share, peer.name, spread(theirs), ratio.toFixed(2)];
    table.push(cells);
    console.error(cells.join('  '));
  }
}
