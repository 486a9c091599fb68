import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { UserError } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { printable } from '../../text/terminal.ts';
import { rangesOf } from './array-indices.ts';
import { type ArrayJob, type Cluster, type ElementState, Full, NotNow } from './cluster.ts';
import { logTail } from './element-log.ts';
import { isKilled, saysOutOfMemory } from './element-state.ts';
import { ACCOUNTING_FORMAT, type Elements, QUEUE_FORMAT, readAccounting, readQueue } from './queue-rows.ts';
import { sbatchArguments, sbatchScript } from './sbatch-script.ts';
import { SeenElements, type States } from './seen-elements.ts';
import { type Answer, type SlurmProgram, type Surroundings, slurmCommand, wordsOf } from './slurm-command.ts';

/** What Slurm takes where its configuration does not say. */
const USUAL_ARRAY_SIZE = 1001;

/** The user's own jobs fill a limit: when some have ended there is room again. */
const IS_FULL = /\w*(?:MaxSubmitJob|GrpSubmitJob)\w*/;

const NOTHING: States = new Map();

export interface SlurmOptions extends Partial<Surroundings> {
  /** Where the logs of a job lie that this object has not submitted; null: nobody knows. */
  logDirOf?(job: string): string | null;
}

/** A cluster by Slurm's own programs: the queue is asked first, and the accounting for what has left it. */
export class SlurmClient implements Cluster {
  readonly #surroundings: Surroundings;
  readonly #logDirOf: (job: string) => string | null;
  readonly #logDirs = new Map<string, string>();
  readonly #seen = new SeenElements();
  /** By script, the name of a job that nobody knows to have arrived. */
  readonly #unanswered = new Map<string, string>();

  constructor({ environment = process.env, timeoutMs = 60_000, logDirOf = () => null }: SlurmOptions = {}) {
    this.#surroundings = { environment, timeoutMs };
    this.#logDirOf = logDirOf;
  }

  async limits() {
    const config = await this.#answered('scontrol', 'show', 'config');
    const [, size] = /^MaxArraySize\s*=\s*(\d+)/m.exec(config) ?? [];
    const [, tasks] = /^SchedulerParameters\s*=.*\bmax_array_tasks=(\d+)/m.exec(config) ?? [];
    return {
      maxArraySize: Math.min(Number(size ?? USUAL_ARRAY_SIZE), Number(tasks ?? Number.POSITIVE_INFINITY)),
      maxSubmit: await this.#maxSubmit(),
    };
  }

  script(job: ArrayJob): string {
    return sbatchScript(job);
  }

  /** A call that may have arrived though no answer came is looked for before it is made again. */
  async submit(job: ArrayJob): Promise<string> {
    makeFolder(job.logDir);
    const what = sbatchScript(job);
    const earlier = this.#unanswered.get(what);
    const name = earlier ?? `${job.name}-${randomUUID().slice(0, 8)}`;
    const id =
      (earlier === undefined ? null : await this.#called(earlier)) ?? (await this.#sbatch(job, what, name));
    this.#unanswered.delete(what);
    this.#logDirs.set(id, job.logDir);
    this.#seen.submitted(id, job.indices);
    return id;
  }

  async states(jobs: readonly string[]): Promise<Elements> {
    if (jobs.length === 0) return new Map();
    const queue = await this.#queue(jobs);
    const left = jobs.filter((job) => this.#seen.isIncomplete(job, queue.get(job) ?? NOTHING));
    const accounting = left.length === 0 ? null : await this.#accounting(left);
    for (const job of jobs) {
      const accounted = accounting && left.includes(job) ? (accounting.get(job) ?? NOTHING) : null;
      this.#seen.update(job, queue.get(job) ?? NOTHING, accounted);
    }
    return new Map(jobs.map((job) => [job, this.#explained(job)]));
  }

  async cancel(job: string, indices?: readonly number[]): Promise<void> {
    if (indices?.length === 0) return;
    await this.#answered('scancel', indices ? `${job}_[${rangesOf(indices)}]` : job);
    this.#seen.cancelled(job, indices);
  }

  async #sbatch(job: ArrayJob, what: string, name: string): Promise<string> {
    this.#unanswered.set(what, name);
    const named = { ...job, name };
    const args = ['--parsable', ...sbatchArguments(named)];
    const answer = await slurmCommand('sbatch', args, this.#surroundings, sbatchScript(named));
    this.#unanswered.delete(what);
    if (answer.code !== 0) {
      const [limit] = IS_FULL.exec(answer.stderr) ?? [];
      if (limit !== undefined) throw new Full(`sbatch: as many jobs as you may have (${limit})`);
      throw new UserError(`sbatch refuses the job: ${printable(wordsOf(answer))}`);
    }
    // Behind a semicolon stands the cluster's name, where there are several.
    const [, id] = /^(\d+)(?:;.*)?$/m.exec(answer.stdout) ?? [];
    if (id === undefined) throw new UserError(`sbatch gave no job's number: ${printable(wordsOf(answer))}`);
    return id;
  }

  /** The number of the job of that name; null: there is none. */
  async #called(name: string): Promise<string | null> {
    const args = ['-h', '-a', '-t', 'all', '-n', name, '-O', 'ArrayJobID:16'];
    const printed = await this.#answered('squeue', ...args);
    return printed.trim().split(/\s+/)[0] || null;
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

  /** Where no state tells of memory the log does. */
  #explained(job: string): States {
    const logDir = this.#logDirs.get(job) ?? this.#logDirOf(job);
    if (logDir === null) return this.#seen.of(job);
    const explained = ([index, state]: readonly [number, ElementState]): [number, ElementState] => {
      if (state.kind !== 'failed' || !isKilled(state)) return [index, state];
      const isOom = saysOutOfMemory(logTail(logDir, job, index));
      return [index, isOom ? { ...state, failure: 'oom' } : state];
    };
    return new Map([...this.#seen.of(job)].map(explained));
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
