import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FailureKind } from '../store/records.ts';
import { describeThrown } from '../text/thrown.ts';
import { type ChildEnd, describeEnd, failureOfEnd } from './end-of-child.ts';
import { killGroup, killMarked, MARK } from './end-processes.ts';
import { ExpectedOutcomes } from './expected-outcomes.ts';
import { FrameReader, frame } from './frames.ts';
import { readFromChild } from './from-child.ts';
import { LogTail } from './log-tail.ts';
import type { FromChild, GroupEnd, ImageOutcome, Job, Lease, Progress, ScoreOutcome } from './messages.ts';
import { oomKills } from './oom-kills.ts';
import { type TimeLimits, Watchdog } from './watchdog.ts';
import { ASKED_FD } from './where.ts';

const CHILD_FILE = fileURLToPath(new URL('./child.js', import.meta.url));

/**
 * glibc by itself raises this threshold up to 32 MiB as a process goes on and then keeps what was freed below it: 1.6 GiB
 * after one gradient of Stable Diffusion's U-Net, against 0.2 GiB with the threshold held (test/large/guided-step.mjs).
 */
export const GIVES_MEMORY_BACK = { MALLOC_MMAP_THRESHOLD_: String(2 ** 20) };

/** Replicates of a large set are the longest message. */
const LONGEST_MESSAGE_BYTES = 2 ** 24;
/** What a process needs between closing its channel and its end, and its output between that and its own end. */
const LAST_MOMENTS_MS = 5000;

/** What a process needs to say where in somebody else's code it is. */
const LOOK_MS = 2000;
const LONGEST_PLACE = 1000;

/** Why we ended a process ourselves. */
interface Sentence {
  readonly failure: FailureKind;
  readonly message: string;
}

/**
 * The process that does a lease's native work. It leads a process group of its own, so that a signal ends it with
 * everything it started; a native call cannot be interrupted in any other way.
 */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  readonly #saysWhere: boolean;
  readonly #log = new LogTail();
  readonly #oomKillsBefore = oomKills();
  #hear: ((message: FromChild) => void) | null = null;
  #sentence: Sentence | null = null;
  /** Resolves when the process and what it started are gone and its output has been read. */
  readonly gone: Promise<ChildEnd>;
  /** False as soon as it is known that it can take no further job. */
  alive = true;

  /**
   * Starts a process.
   * @param mark of it and of all that it starts (end-processes.ts)
   * @throws where the system gives no process
   */
  static async start(lease: Lease, mark: string): Promise<WorkerProcess> {
    const child = spawn(process.execPath, ['--enable-source-maps', CHILD_FILE, JSON.stringify(lease)], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...GIVES_MEMORY_BACK, [MARK]: mark },
    });
    await once(child, 'spawn');
    return new WorkerProcess(child, mark, lease.plugins.length > 0);
  }

  private constructor(child: ChildProcess, mark: string, saysWhere: boolean) {
    this.#child = child;
    this.#saysWhere = saysWhere;
    this.#channel = child.stdio[3] as Duplex;
    this.#log.follow(child.stdout!);
    this.#log.follow(child.stderr!);
    this.#listen();
    this.gone = this.#lastMoments(mark);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Runs one job. Never rejects: whatever happens to the process is the job's end. */
  async run(
    job: Job,
    limits: TimeLimits,
    onEvent: (event: ImageOutcome | ScoreOutcome | Progress) => void,
  ): Promise<GroupEnd> {
    this.#log.clear();
    const outcomes = new ExpectedOutcomes(job);
    let isOver = false;
    const watch = new Watchdog(
      limits,
      job.kind === 'solve' ? 'opening the prior' : 'scoring',
      (why) => void this.#stop(why, () => isOver),
    );
    const answered = new Promise<GroupEnd>((resolve) => {
      this.#hear = (message) => {
        outcomes.check(message);
        watch.sign();
        switch (message.kind) {
          case 'loaded':
            watch.loaded();
            return;
          case 'finished':
          case 'stop':
            resolve(message);
            return;
          case 'failed':
          case 'uncaught': {
            const { message: text, stack } = message;
            const failure = message.kind === 'failed' ? message.failure : 'crashed';
            if (message.kind === 'uncaught') this.#end({ failure, message: text });
            resolve({ kind: 'failed', failure, message: text, logTail: `${this.#log.text}${stack}` });
            return;
          }
          default:
            onEvent(message);
        }
      };
    });
    this.#channel.write(frame(job));
    const end = await Promise.race([answered, this.gone.then((how) => this.#died(how))]);
    this.#hear = null;
    isOver = true;
    watch.end();
    return end;
  }

  /** Ends the process for a job that takes too long, unless it is over after all while one asks where it is. */
  async #stop(why: string, isOver: () => boolean): Promise<void> {
    const place = this.#saysWhere ? await this.#whereItIs() : '';
    if (!isOver()) this.#end({ failure: 'timeout', message: place === '' ? why : `${place}: ${why}` });
  }

  /** The line of a plug-in's file; empty where it is at none, or does not say. */
  async #whereItIs(): Promise<string> {
    const asked = this.#child.stdio[ASKED_FD] as Duplex;
    asked.write('?');
    const answer = once(asked, 'data').then(
      ([said]: Buffer[]) => String(said),
      () => '',
    );
    const said = await Promise.race([answer, delay(LOOK_MS, '', { ref: false })]);
    return said.slice(0, LONGEST_PLACE).split('\n')[0]!;
  }

  #listen(): void {
    const reader = new FrameReader(LONGEST_MESSAGE_BYTES);
    this.#channel.on('data', (chunk: Buffer) => {
      if (this.#sentence) return;
      try {
        for (const said of reader.push(chunk)) this.#hear?.(readFromChild(said));
      } catch (error) {
        const { message } = describeThrown(error);
        this.#end({ failure: 'crashed', message: `the worker process sent ${message}` });
      }
    });
    // A process that died before it could take its job is reported by `gone`.
    for (const stream of [this.#channel, this.#child.stdio[ASKED_FD]!]) stream.on('error', () => {});
    this.#channel.once('close', () => void this.#missChannel());
  }

  /** Without its channel a process can be of no use; mostly it is about to end by itself, and tells how. */
  async #missChannel(): Promise<void> {
    await Promise.race([this.gone, delay(LAST_MOMENTS_MS, undefined, { ref: false })]);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#end({ failure: 'crashed', message: 'the worker process closed its channel to the harness' });
  }

  async #lastMoments(mark: string): Promise<ChildEnd> {
    const { stdout, stderr } = this.#child as ChildProcess & { stdout: Readable; stderr: Readable };
    const closed = once(this.#child, 'close');
    const [code, signal] = await once(this.#child, 'exit');
    this.alive = false;
    killGroup(this.pid);
    killMarked(mark);
    // Whoever else holds its output open may do so for ever.
    await Promise.race([closed, delay(LAST_MOMENTS_MS, undefined, { ref: false })]);
    for (const stream of [stdout, stderr]) stream.destroy();
    return { code, signal, logTail: this.#log.text, oomKilled: oomKills() > this.#oomKillsBefore };
  }

  #died(how: ChildEnd): GroupEnd {
    const { failure, message } = this.#sentence ?? {
      failure: failureOfEnd(how),
      message: describeEnd(how),
    };
    return { kind: 'failed', failure, message, logTail: how.logTail };
  }

  #end(sentence: Sentence): void {
    this.#sentence ??= sentence;
    this.alive = false;
    killGroup(this.pid);
  }
}
