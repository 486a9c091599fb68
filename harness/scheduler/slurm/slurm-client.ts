import { userInfo } from 'node:os';
import { UserError } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { printable } from '../../text/terminal.ts';
import { rangesOf } from './array-indices.ts';
import { type ArrayJob, type Cluster, type ElementState, NotNow } from './cluster.ts';
import { isEnd, isKilled, saysOutOfMemory } from './element-state.ts';
import { endOfFile } from './end-of-file.ts';
import { ACCOUNTING_FORMAT, type Elements, QUEUE_FORMAT, readAccounting, readQueue } from './queue-rows.ts';
import { logFile, sbatchArguments, sbatchScript } from './sbatch-script.ts';
import { type Answer, type SlurmProgram, type Surroundings, slurmCommand, wordsOf } from './slurm-command.ts';

/** What Slurm takes where its configuration does not say. */
const USUAL_ARRAY_SIZE = 1001;

/** The user's own jobs fill a limit: when some have ended there is room again. */
const IS_FULL = /\w*(?:MaxSubmitJob|GrpSubmitJob)\w*/;

const LOG_TAIL_BYTES = 4096;

const NOTHING: ReadonlyMap<number, ElementState> = new Map();

export interface SlurmOptions extends Partial<Surroundings> {
  /** Where the logs of a job lie that this object has not submitted; null: nobody knows. */
  logDirOf?(job: string): string | null;
}

/**
 * A cluster by Slurm's own programs. It remembers what elements it has seen: one that has left the queue is looked for in the
 * accounting, and an end is an end unless the queue has it again.
 */
export class SlurmClient implements Cluster {
  readonly #surroundings: Surroundings;
  readonly #logDirOf: (job: string) => string | null;
  readonly #logDirs = new Map<string, string>();
  readonly #known = new Map<string, ReadonlyMap<number, ElementState>>();
  /** Jobs whose earlier elements are known too. */
  readonly #lookedUp = new Set<string>();
  readonly #cancelled = new Map<string, Set<number> | 'all'>();

  constructor({ environment = process.env, timeoutMs = 60_000, logDirOf = () => null }: SlurmOptions = {}) {
    this.#surroundings = { environment, timeoutMs };
    this.#logDirOf = logDirOf;
  }

  async limits() {
    const config = await this.#answered('scontrol', 'show', 'config');
    const [, size] = /^MaxArraySize\s*=\s*(\d+)/m.exec(config) ?? [];
    return {
      maxArraySize: size === undefined ? USUAL_ARRAY_SIZE : Number(size),
      maxSubmit: await this.#maxSubmit(),
    };
  }

  script(job: ArrayJob): string {
    return sbatchScript(job);
  }

  async submit(job: ArrayJob): Promise<string> {
    makeFolder(job.logDir);
    const answer = await slurmCommand(
      'sbatch',
      ['--parsable', ...sbatchArguments(job)],
      this.#surroundings,
      sbatchScript(job),
    );
    if (answer.code !== 0) {
      const [limit] = IS_FULL.exec(answer.stderr) ?? [];
      if (limit !== undefined) throw new NotNow(`sbatch: as many jobs as you may have (${limit})`);
      throw new UserError(`sbatch refuses the job: ${printable(wordsOf(answer))}`);
    }
    // Behind a semicolon stands the cluster's name, where there are several.
    const [, id] = /^(\d+)(?:;.*)?$/m.exec(answer.stdout) ?? [];
    if (id === undefined) throw new UserError(`sbatch gave no job's number: ${printable(wordsOf(answer))}`);
    this.#logDirs.set(id, job.logDir);
    this.#known.set(id, new Map(job.indices.map((index) => [index, { kind: 'pending' }])));
    this.#lookedUp.add(id);
    return id;
  }

  async states(jobs: readonly string[]): Promise<Elements> {
    if (jobs.length === 0) return new Map();
    const queue = await this.#queue(jobs);
    const asked = jobs.filter((job) => this.#isIncomplete(job, queue.get(job) ?? NOTHING));
    const accounting = asked.length === 0 ? null : await this.#accounting(asked);
    for (const job of jobs) {
      const accounted = accounting === null ? null : (accounting.get(job) ?? NOTHING);
      this.#known.set(job, this.#merged(job, queue.get(job) ?? NOTHING, accounted));
      if (accounted !== null) this.#lookedUp.add(job);
    }
    return new Map(jobs.map((job) => [job, this.#known.get(job)!]));
  }

  async cancel(job: string, indices?: readonly number[]): Promise<void> {
    if (indices?.length === 0) return;
    await this.#answered('scancel', indices ? `${job}_[${rangesOf(indices)}]` : job);
    const before = this.#cancelled.get(job);
    const all = before === 'all' || !indices;
    this.#cancelled.set(job, all ? 'all' : new Set([...(before ?? []), ...indices]));
  }

  async #queue(jobs: readonly string[]): Promise<Elements> {
    const args = ['-h', '-r', '-a', '-t', 'all', '-j', jobs.join(','), '-O', QUEUE_FORMAT];
    const answer = await slurmCommand('squeue', args, this.#surroundings);
    // Of several jobs it leaves those out that it has forgotten; of one alone it complains.
    if (answer.code !== 0 && !/invalid job id/i.test(answer.stderr))
      throw new UserError(`squeue: ${printable(wordsOf(answer))}`);
    return readQueue(answer.stdout);
  }

  /** null: there is no accounting, or it does not answer. */
  async #accounting(jobs: readonly string[]): Promise<Elements | null> {
    const args = ['-X', '-P', '-n', '-j', jobs.join(','), `--format=${ACCOUNTING_FORMAT}`];
    const answer = await this.#ifThere('sacct', args);
    return answer && readAccounting(answer.stdout);
  }

  #isIncomplete(job: string, queue: ReadonlyMap<number, ElementState>): boolean {
    const known = this.#known.get(job) ?? NOTHING;
    return !this.#lookedUp.has(job) || [...known].some(([index, one]) => !isEnd(one) && !queue.has(index));
  }

  #merged(
    job: string,
    queue: ReadonlyMap<number, ElementState>,
    accounting: ReadonlyMap<number, ElementState> | null,
  ): ReadonlyMap<number, ElementState> {
    const known = this.#known.get(job) ?? NOTHING;
    const indices = new Set([...known.keys(), ...queue.keys(), ...(accounting?.keys() ?? [])]);
    return new Map(
      [...indices].map((index) => {
        const before = known.get(index);
        const live = queue.get(index);
        if (!live && before && isEnd(before)) return [index, before];
        return [index, this.#explained(job, index, live ?? this.#gone(job, index, accounting))];
      }),
    );
  }

  /** Of an element that is not in the queue and whose end was not seen. */
  #gone(job: string, index: number, accounting: ReadonlyMap<number, ElementState> | null): ElementState {
    const accounted = accounting?.get(index);
    if (accounted && isEnd(accounted)) return accounted;
    // One that was cancelled before its start leaves no trace behind.
    const cancelled = this.#cancelled.get(job);
    if (cancelled === 'all' || cancelled?.has(index))
      return { kind: 'failed', failure: 'cancelled', said: 'CANCELLED' };
    if (accounting === null) return { kind: 'unknown', said: 'gone from the queue; no accounting answers' };
    const still = accounted ? `still has it ${accounted.kind}` : 'has no trace of it';
    return { kind: 'unknown', said: `gone from the queue; the accounting ${still}` };
  }

  /** Where no state tells of memory the log does. */
  #explained(job: string, index: number, state: ElementState): ElementState {
    const logDir = this.#logDirs.get(job) ?? this.#logDirOf(job);
    if (state.kind !== 'failed' || !isKilled(state) || logDir === null) return state;
    const isOom = saysOutOfMemory(endOfFile(logFile(logDir, job, index), LOG_TAIL_BYTES));
    return isOom ? { ...state, failure: 'oom' } : state;
  }

  /** The smallest of the user's limits: which of the accounts it is charged to, the cluster may decide. */
  async #maxSubmit(): Promise<number | null> {
    const who = `user=${userInfo().username}`;
    const args = ['-n', '-P', 'show', 'assoc', 'where', who, 'format=MaxSubmitJobs'];
    const answer = await this.#ifThere('sacctmgr', args);
    const limits = answer?.stdout.split('\n').filter((line) => /^\d+$/.test(line)) ?? [];
    return limits.length === 0 ? null : Math.min(...limits.map(Number));
  }

  /** Of a program that a cluster may lack: null where it does not answer. */
  async #ifThere(program: SlurmProgram, args: readonly string[]): Promise<Answer | null> {
    try {
      const answer = await slurmCommand(program, args, this.#surroundings);
      return answer.code === 0 ? answer : null;
    } catch (error) {
      if (error instanceof NotNow || error instanceof UserError) return null;
      throw error;
    }
  }

  async #answered(program: SlurmProgram, ...args: readonly string[]): Promise<string> {
    const answer = await slurmCommand(program, args, this.#surroundings);
    if (answer.code !== 0) throw new UserError(`${program}: ${printable(wordsOf(answer))}`);
    return answer.stdout;
  }
}
