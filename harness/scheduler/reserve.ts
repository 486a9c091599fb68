import { rmSync, writeFileSync } from 'node:fs';
import { runFile } from './run-files.ts';

/** More than SQLite needs for a row. */
const BYTES = 2 ** 16;

/** Room that is kept on the disk of a results folder, so that a run that has filled it can still be entered as ended. */
export class Reserve {
  readonly #file: string;

  constructor(resultsDir: string, experiment: string) {
    this.#file = runFile(resultsDir, experiment, 'reserve');
  }

  fill(): void {
    writeFileSync(this.#file, Buffer.alloc(BYTES, 1));
  }

  release(): void {
    rmSync(this.#file, { force: true });
  }
}
