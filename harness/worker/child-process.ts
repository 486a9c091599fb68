import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ChildEnd, describeEnd, failureOfEnd, oomKills } from './end-of-child.ts';
import { LogTail } from './log-tail.ts';
import type {
  FromChild,
  GroupEnd,
  ImageOutcome,
  Job,
  Lease,
  Progress,
  ScoreOutcome,
  ToChild,
} from './messages.ts';

const CHILD_FILE = fileURLToPath(new URL('./child.js', import.meta.url));

/**
 * glibc by itself raises this threshold up to 32 MiB as a process goes on and then keeps what was freed below it: 1.6 GiB
 * after one gradient of Stable Diffusion's U-Net, against 0.2 GiB with the threshold held (test/large/guided-step.mjs).
 */
const GIVES_MEMORY_BACK = { MALLOC_MMAP_THRESHOLD_: String(2 ** 20) };

/**
 * The process that does a lease's native work. It leads a process group of its own, so that a signal ends it with
 * everything it started; a native call cannot be interrupted in any other way.
 */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #log = new LogTail();
  readonly #oomKillsBefore = oomKills();
  #timedOut = false;
  /** Resolves when the process is gone and its output has been read. */
  readonly gone: Promise<ChildEnd>;
  /** False as soon as it is known that it can take no further job. */
  alive = true;

  constructor(lease: Lease) {
    this.#child = fork(CHILD_FILE, [JSON.stringify(lease)], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // JSON would turn an infinite score into null.
      serialization: 'advanced',
      execArgv: ['--enable-source-maps'],
      env: { ...process.env, ...GIVES_MEMORY_BACK },
    });
    this.#log.follow(this.#child.stdout!);
    this.#log.follow(this.#child.stderr!);
    this.gone = once(this.#child, 'close').then(([code, signal]) => {
      this.alive = false;
      const oomKilled = oomKills() > this.#oomKillsBefore;
      return { code, signal, logTail: this.#log.text, timedOut: this.#timedOut, oomKilled };
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Runs one job. Never rejects: whatever happens to the process is the job's end. */
  async run(
    work: Job,
    timeoutSeconds: number | null,
    onEvent: (event: ImageOutcome | ScoreOutcome | Progress) => void,
  ): Promise<GroupEnd> {
    this.#log.clear();
    let timer: NodeJS.Timeout | undefined;
    let listen: (message: FromChild) => void;
    const answered = new Promise<GroupEnd>((resolve) => {
      listen = (message) => {
        switch (message.kind) {
          case 'loaded':
            if (timeoutSeconds !== null) timer = setTimeout(() => this.#stopForTime(), timeoutSeconds * 1000);
            return;
          case 'finished':
            resolve({ kind: 'finished' });
            return;
          case 'failed': {
            const { stack, ...failed } = message;
            resolve({ ...failed, logTail: `${this.#log.text}${stack}` });
            return;
          }
          default:
            onEvent(message);
        }
      };
      this.#child.on('message', listen);
    });
    const died = this.gone.then(
      (end): GroupEnd => ({
        kind: 'failed',
        failure: failureOfEnd(end),
        message: describeEnd(end, timeoutSeconds),
        logTail: end.logTail,
      }),
    );
    this.#child.send(work satisfies ToChild, () => {
      // A child that died before it could take the job is reported by `died`.
    });
    const end = await Promise.race([answered, died]);
    clearTimeout(timer);
    this.#child.off('message', listen!);
    return end;
  }

  #stopForTime(): void {
    this.#timedOut = true;
    this.alive = false;
    process.kill(-this.pid, 'SIGKILL');
  }
}
