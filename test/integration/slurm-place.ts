import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../harness/identity/canonical.ts';
import { cellOf, type Part, partFiles, readPart } from '../../harness/scheduler/slurm/part.ts';
import { type ArrayRecord, Submission } from '../../harness/scheduler/slurm/submission.ts';
import { type Ended, hearSteps, Workplace } from '../e2e/cli.ts';
import type { OneNodeSlurm } from '../support/one-node-slurm.ts';

/** A folder with experiments that run on a cluster, in elements of a few cells each. */
export class SlurmPlace extends Workplace {
  readonly #slurm: OneNodeSlurm;

  constructor(slurm: OneNodeSlurm, cleanUp?: (action: () => void) => void) {
    super(cleanUp);
    this.#slurm = slurm;
  }

  /** @param asked of the cluster */
  override experiment(
    name: string,
    keys: Record<string, unknown> = {},
    asked: Record<string, unknown> = {},
  ): string {
    const slurm = { cpus: 1, mem: '1500M', batches: 2, parallel: 4, ...asked };
    return super.experiment(name, { ...keys, executor: { slurm } });
  }

  override start(args: readonly string[], env: Readonly<NodeJS.ProcessEnv> = {}) {
    return super.start(args, { ...this.#slurm.environment, ...env });
  }

  get submissions(): Submission[] {
    const folder = join(this.results, 'slurm');
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => Submission.open(join(folder, name)));
  }

  get arrays(): ArrayRecord[] {
    return this.submissions.flatMap((submission) => submission.arrays());
  }

  get parts(): Part[] {
    return this.submissions.flatMap(({ dir }) => partFiles(dir).map(({ file }) => readPart(file)));
  }

  /** How many cells elements have found results of, and which of them more than once. */
  get solved(): { cells: number; twice: string[] } {
    const keys = this.parts.flatMap(({ outcomes }) => outcomes.map(cellOf));
    return { cells: new Set(keys).size, twice: keys.filter((key, i) => keys.indexOf(key) !== i) };
  }

  /** All that was found of an experiment, to the last bit: pictures and arrays by their hashes, and numbers. */
  async found(name: string) {
    const files = ['images', 'tensors'].flatMap((folder) =>
      readdirSync(join(this.results, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((path) => statSync(join(this.results, path)).isFile())
        .map((path) => [path, sha256(readFileSync(join(this.results, path)))]),
    );
    return { files: Object.fromEntries(files) as Record<string, string>, rows: await this.rows(name) };
  }
}

/** Children wait at their steps until they may go on. */
export async function holdSteps() {
  let isHeld!: (pid: number) => void;
  const held = new Promise<number>((resolve) => {
    isHeld = resolve;
  });
  let goOn!: () => void;
  const free = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const env = await hearSteps((pid) => {
    isHeld(pid);
    return free;
  });
  return {
    env,
    goOn,
    /** The first child that waits, of what a command has submitted. */
    first: (command: { ended: Promise<Ended> }): Promise<number> =>
      Promise.race([
        held,
        command.ended.then(({ code, stderr }) => {
          throw new Error(`no step was taken; it has ended with ${code}: ${stderr}`);
        }),
      ]),
  };
}

export function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The fields follow the name in parentheses: its state, its parent.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
