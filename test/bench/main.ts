/** `npm run bench`: times our engine against PyTorch and tfjs's wasm backend, in interleaved rounds. */
import { availableParallelism } from 'node:os';
import Table from 'cli-table3';
import yargs from 'yargs';
import type { BenchCase } from './case.ts';
import { CASES } from './cases/index.ts';
import { type Contender, InProcess } from './contender.ts';
import { describeMachine, installed } from './machine.ts';
import { findPython, PyTorch } from './pytorch.ts';
import { type Samples, timeInRounds } from './rounds.ts';
import { median, spread } from './statistics.ts';
import { Wasm } from './wasm.ts';

const options = await yargs(process.argv.slice(2))
  .scriptName('npm run bench --')
  .usage('$0\n\nMedian milliseconds [quartiles] of a run; ratio = ours / peer, of medians.')
  .option('json', { type: 'boolean', default: false, describe: 'One JSON object a line, and nothing else' })
  .option('filter', { type: 'string', default: '', describe: 'Only cases whose name contains this text' })
  .option('rounds', { type: 'number', default: 7, describe: 'Samples of each' })
  .option('threads', { type: 'number', default: availableParallelism(), describe: 'Of ours and of PyTorch' })
  .option('wasm', { type: 'boolean', default: true, describe: 'Compare with tfjs wasm (--no-wasm: do not)' })
  .strict()
  .version(false)
  .parseAsync();

const cases = CASES.filter(({ name }) => name.includes(options.filter));
if (cases.length === 0) {
  console.error(
    `no case's name contains "${options.filter}"; there are:\n${[...new Set(CASES.map((c) => c.name))].join('\n')}`,
  );
  process.exit(2);
}

const ours = new InProcess('ours', `cpu:${options.threads}`);
const peers: Contender[] = [];
const versions: string[] = [];
const python = findPython();
if (python) {
  const pytorch = await PyTorch.start(python, options.threads);
  peers.push(pytorch);
  versions.push(`PyTorch ${pytorch.version}`);
} else console.error('no python with torch ($PYTHON, python3, /usr/bin/python3): no comparison with PyTorch');
if (options.wasm) {
  peers.push(new Wasm());
  versions.push(`tfjs wasm ${installed('@tensorflow/tfjs-backend-wasm')} (1 thread)`);
}

const table = new Table({
  head: ['case', 'batch', 'ours', 'peer', 'theirs', 'ratio'],
  style: { head: [], border: [] },
});
for (const benchCase of cases) {
  const contenders = [ours, ...peers.filter((peer) => peer.takes(benchCase))];
  const samples = await timeInRounds(benchCase, contenders, options.rounds);
  for (const row of compare(benchCase, samples)) {
    if (options.json) console.log(JSON.stringify(row.json));
    else {
      table.push(row.cells);
      console.error(row.cells.join('  '));
    }
  }
}
await Promise.all([ours, ...peers].map((contender) => contender.close()));
if (!options.json) console.log(`${describeMachine(options.threads, versions)}\n${table.toString()}`);

function compare({ name, batch }: BenchCase, samples: Samples): { json: object; cells: string[] }[] {
  const own = samples.get(ours)!;
  const rows = peers.flatMap((peer) => {
    const theirs = samples.get(peer);
    if (!theirs) return [];
    const [ours_ms, peer_ms] = [median(own), median(theirs)];
    const ratio = ours_ms / peer_ms;
    return [
      {
        json: { name, batch, threads: options.threads, ours_ms, peer: peer.name, peer_ms, ratio },
        cells: [name, String(batch), spread(own), peer.name, spread(theirs), ratio.toFixed(2)],
      },
    ];
  });
  return rows;
}
