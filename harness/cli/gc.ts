import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from '../scheduler/run-lock.ts';
import { closeStore, openStore } from '../store/store.ts';
import { type FileSize, tensorFiles, unreferencedFiles } from '../store/stored-files.ts';
import { byteSize } from '../text/byte-size.ts';
import { counted } from '../text/count.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  tensors: boolean;
  yes: boolean;
  json: boolean;
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .option('tensors', {
        type: 'boolean',
        default: false,
        describe: "Also the float tensors of results: a damaged picture's cell is solved again then",
      })
      .option('yes', { type: 'boolean', default: false, describe: 'Do it' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document, with the files',
      })
      .example('$0 gc', 'what would go')
      .example('$0 gc --tensors --yes', 'all that is not needed for tables and reports'),
  handler: ({ tensors, yes, json, results }) => {
    const lock = yes ? lockFolder(results) : null;
    try {
      const store = openStore(results, { create: false });
      try {
        const unnamed = unreferencedFiles(store);
        const dropped = tensors ? tensorFiles(store) : [];
        const files = [...unnamed, ...dropped];
        if (yes) for (const { path } of files) rmSync(join(store.dir, path), { force: true });
        if (json) {
          sayJson({ results: store.dir, removed: yes, bytes: bytesOf(files), files }, 2);
          return;
        }
        const parts = [
          `${counted(unnamed.length, 'file')} that no result names (${byteSize(bytesOf(unnamed))})`,
          ...(tensors
            ? [`${counted(dropped.length, 'tensor')} of results (${byteSize(bytesOf(dropped))})`]
            : []),
        ].join(', ');
        say(yes ? `removed: ${parts}` : `would remove: ${parts}\nnothing has been removed: give --yes`);
      } finally {
        closeStore(store);
      }
    } finally {
      lock?.release();
    }
  },
};
export default command;

function bytesOf(files: readonly FileSize[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
