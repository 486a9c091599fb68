import { type Options as BarOptions, SingleBar } from 'cli-progress';
import { openDevice } from '../engine/device.ts';
import { NAME, printable } from '../text/terminal.ts';
import { type CaseSet, findCases, runCases } from '../verify/run-set.ts';
import { allPassed, problems, resultTable, summary } from '../verify/table.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  folder: string;
  only?: string;
  device: string;
  assets: readonly string[];
  json: boolean;
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'A set of reference cases (item folders with a manifest.json), or one of its items',
      })
      .option('only', { type: 'string', requiresArg: true, describe: 'Cases whose item/name contains this' })
      .option('device', { type: 'string', default: 'cpu', describe: 'Device, e.g. cpu:2', requiresArg: true })
      .option('assets', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        defaultDescription: 'none; registered weights are always searched',
        describe: "A folder of files that cases name and their item's folder lacks; may be given again",
        requiresArg: true,
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 verify cases', 'every case below the folder cases')
      .example('$0 verify cases --only dps/ --device cpu:2', 'some of them, on two threads'),
  handler: async ({ folder, only, device: name, assets, json }) => {
    const set = findCases(folder, only);
    const started = performance.now();
    const device = await openDevice(name);
    const { progress, stop } = json || !process.stderr.isTTY ? quiet : bar(set);
    const results = await runCases(set, { device, assetFolders: assets }, progress).finally(stop);
    await device.dispose();
    const passed = allPassed(results);
    if (!passed) process.exitCode = 1;
    const seconds = (performance.now() - started) / 1000;
    if (json) {
      sayJson({ root: set.root, device: name, seconds, passed, cases: results }, 2);
      return;
    }
    say(resultTable(results));
    for (const line of problems(results)) say(printable(line));
    say(`${summary(results)}, in ${seconds.toFixed(0)} s on ${name}`);
  },
};
export default command;

interface Display {
  progress(caseName: string): void;
  stop(): void;
}

const quiet: Display = { progress: () => {}, stop: () => {} };

function bar({ items }: CaseSet): Display {
  const options: BarOptions = {
    format: '{bar} {value}/{total} {name}',
    clearOnComplete: true,
    stream: process.stderr,
    hideCursor: true,
    gracefulExit: false,
  };
  const shown = new SingleBar(options);
  shown.start(
    items.reduce((sum, { cases }) => sum + cases.length, 0),
    0,
    { name: '' },
  );
  let done = 0;
  return {
    progress: (name) => shown.update(done++, { name: printable(name, NAME) }),
    stop: () => shown.stop(),
  };
}
