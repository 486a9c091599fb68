import { rmSync } from 'node:fs';
import { lockFolder } from '../scheduler/run-lock.ts';
import { forget, whatGoesWith } from '../store/forget.ts';
import { recordFile } from '../store/record-file.ts';
import { closeStore, openStore } from '../store/store.ts';
import { counted } from '../text/count.ts';
import { NAME, printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { resolveExperiment } from './resolve-experiment.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  experiment: string;
  yes: boolean;
  json: boolean;
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('experiment', {
        type: 'string',
        demandOption: true,
        describe: 'Its name: all its versions; or NAME@VERSION',
      })
      .option('yes', { type: 'boolean', default: false, describe: 'Do it' })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 rm trial', 'what would go')
      .example('$0 rm trial --yes', 'its rows and records; then gc removes its pictures'),
  handler: ({ experiment, yes, json, results }) => {
    const lock = yes ? lockFolder(results) : null;
    try {
      const store = openStore(results, { create: yes });
      try {
        const name = resolveExperiment(store, experiment);
        const going = whatGoesWith(store, name);
        const { cells, shared, versions } = going;
        if (yes) {
          forget(store, going);
          // Last: records without rows would come back with a rebuild, rows without records not.
          for (const key of cells) rmSync(recordFile(store.dir, key), { force: true });
        }
        if (json) {
          sayJson(
            { experiment: name, removed: yes, versions: versions.length, cells: cells.length, shared },
            2,
          );
          return;
        }
        const all = versions.length > 1 ? `, all ${counted(versions.length, 'version')} of it` : '';
        const what = `${printable(name, NAME)}${all} and ${counted(cells.length, 'cell')}, with their scores and records`;
        const rest = shared > 0 ? `; ${counted(shared, 'cell')} that others have stay` : '';
        say(
          yes
            ? `removed: ${what}${rest}\nits pictures and tensors lie there yet: tweedie gc`
            : `would remove: ${what}${rest}\nnothing has been removed: give --yes`,
        );
      } finally {
        closeStore(store);
      }
    } finally {
      lock?.release();
    }
  },
};
export default command;
