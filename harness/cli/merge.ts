import Table from 'cli-table3';
import type { Conflict, Origin } from '../merge/conflicts.ts';
import { type Merged, merge } from '../merge/merge.ts';
import { openOther } from '../merge/other-results.ts';
import { processOf } from '../scheduler/process-note.ts';
import { lockFolder, runsAtWork } from '../scheduler/run-lock.ts';
import { closeStore, openStore } from '../store/store.ts';
import { byteSize } from '../text/byte-size.ts';
import { counted } from '../text/count.ts';
import { NAME, printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import { warnOfSharedFolder } from './machine-notes.ts';
import type { GlobalOptions } from './options.ts';
import { progressBar } from './progress-bar.ts';
import { say, sayJson, warn } from './say.ts';

interface Options extends GlobalOptions {
  other: string;
  json: boolean;
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('other', {
        type: 'string',
        demandOption: true,
        describe: 'Results folder of another machine or cluster, which is only read',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document, with the conflicts',
      })
      .example(
        '$0 merge /mnt/cluster-b/results',
        'exit code 1: conflicts, or results whose files are damaged there',
      )
      .example('$0 merge ../node7 --results all', 'into a folder that need not be there yet'),
  handler: ({ other: folder, json, results }) => {
    const other = openOther(folder);
    try {
      for (const run of runsAtWork(other.dir))
        warn(
          `${printable(other.dir)}: a run of ${printable(run.experiment, NAME)} is at work there (${processOf(run)}); ` +
            'what it has stored by now is merged, the rest by the same command once it has ended',
        );
      const lock = lockFolder(results);
      const bar = progressBar('results', json);
      try {
        warnOfSharedFolder(results);
        const store = openStore(results, { create: true });
        try {
          const merged = merge(store, other, bar.update);
          bar.stop();
          if (merged.conflicts.length + merged.setConflicts.length + merged.leftOut.length > 0)
            process.exitCode = 1;
          if (json) sayJson({ results: store.dir, ...merged }, 2);
          else tell(merged, store.dir);
        } finally {
          closeStore(store);
        }
      } finally {
        bar.stop();
        lock.release();
      }
    } finally {
      other.discard();
    }
  },
};
export default command;

function tell(merged: Merged, dir: string): void {
  const { conflicts, setConflicts, leftOut, versions } = merged;
  if (merged.ofRecords)
    warn(
      `${printable(merged.from)}: no database there; its records were read, which tell of no plans and no failures`,
    );
  for (const line of merged.unreadable) warn(`left out: ${printable(line)}`);
  for (const { cell, why } of leftOut) warn(`left out: ${cell}: ${printable(why)}`);
  for (const conflict of conflicts) warn(conflictLine(conflict));
  for (const { metric, here, there } of setConflicts)
    warn(
      `conflict: ${printable(metric, NAME)} of a whole set: ${here} here, ${there} there; what is here stays`,
    );
  const table = new Table({ head: ['from there', 'number'], style: { head: [], border: [] } });
  table.push(
    ['results taken', merged.taken],
    [
      'results that both have',
      conflicts.length > 0 ? `${merged.common} (${conflicts.length} in conflict)` : merged.common,
    ],
    ['numbers added: of pictures, of sets', `${merged.scores}, ${merged.setScores}`],
    ['failures taken', merged.failures],
    ['results left out', leftOut.length],
    ['files copied', `${merged.files} (${byteSize(merged.bytes)})`],
  );
  say(table.toString());
  for (const { there, here, isNew } of versions)
    say(`${printable(there, NAME)} there is ${printable(here, NAME)} here${isNew ? ', new' : ''}`);
  if (conflicts.length + setConflicts.length > 0)
    warn(
      `${counted(conflicts.length + setConflicts.length, 'conflict')}: nothing of these was taken; ${dir} keeps what it had`,
    );
}

/** Digests are cut short, as git's are. */
function conflictLine({ cell, solver, task, item, seed, differs, here, there }: Conflict): string {
  const what = differs
    .map((one) => `${one.what} ${short(one.here)} here, ${short(one.there)} there`)
    .join('; ');
  const of = [solver, task, item].map((name) => printable(name, NAME));
  return `conflict: ${cell} (${of[0]} on ${of[1]}, ${of[2]}, seed ${seed}): ${what}; here: ${origin(here)}; there: ${origin(there)}`;
}

function short(value: string | number): string {
  return typeof value === 'number' ? String(value) : value.slice(0, 12);
}

function origin({ host, device, commit, versions, finished }: Origin): string {
  const program = commit === null ? [] : [`commit ${commit.slice(0, 12)}`];
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return printable([host, device, ...program, ...packages, finished].join(', '));
}
