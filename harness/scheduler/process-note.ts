import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { identify, isRunning, type ProcessId } from '../processes.ts';
import { requireRegularFile } from '../regular-file.ts';
import { killGroup, killMarked } from '../worker/end-processes.ts';
import { writeFileAside } from '../write-file.ts';

const processId = z.object({ pid: z.int().positive(), started: z.string() });
const runProcesses = z.object({
  /** The machine whose numbers the processes have; earlier versions knew one machine only. */
  host: z.string().optional(),
  main: processId,
  experiment: z.string(),
  children: z.array(processId),
});

/** What a run says of itself while it is alive, and after it was killed. */
export type RunProcesses = z.infer<typeof runProcesses>;

/** A file that names this process and its children, so that a later one can end children that outlived a killed run. */
export class ProcessNote {
  /** This process. */
  readonly main: ProcessId = identify(process.pid)!;
  readonly #file: string;
  readonly #experiment: string;
  #children: ProcessId[] = [];

  constructor(file: string, experiment: string) {
    this.#file = file;
    this.#experiment = experiment;
    this.#write();
  }

  /** Begins the mark of every process that this run starts (worker/end-processes.ts). */
  get mark(): string {
    return markOf(this.main);
  }

  addChild(pid: number): void {
    const child = identify(pid);
    if (!child) return;
    this.#children.push(child);
    this.#write();
  }

  removeChild(pid: number): void {
    this.#children = this.#children.filter((child) => child.pid !== pid);
    this.#write();
  }

  remove(): void {
    rmSync(this.#file, { force: true });
  }

  #write(): void {
    const content: RunProcesses = {
      host: hostname(),
      main: this.main,
      experiment: this.#experiment,
      children: this.#children,
    };
    writeFileAside(this.#file, JSON.stringify(content));
  }
}

/** null where there is none, or the file says nothing (a full disk, a crash of the machine). */
export function readNote(file: string): RunProcesses | null {
  if (!lstatSync(file, { throwIfNoEntry: false })) return null;
  requireRegularFile(file);
  try {
    return runProcesses.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Whether its processes are this machine's: a number alone means nothing on another one. */
export function isOfThisMachine({ host }: RunProcesses): boolean {
  return host === undefined || host === hostname();
}

/** Whether a run is alive; one on another machine is, as long as its note is there. */
export function isAlive(run: RunProcesses): boolean {
  return !isOfThisMachine(run) || isRunning(run.main);
}

/** `process 12`, and on another machine `process 12 on node7`. */
export function processOf(run: RunProcesses): string {
  return `process ${run.main.pid}${isOfThisMachine(run) ? '' : ` on ${run.host}`}`;
}

/** Ends what a killed run has left on this machine; returns the numbers of those processes. */
export function endProcessesOf(run: RunProcesses | null): number[] {
  if (!run || !isOfThisMachine(run)) return [];
  const children = run.children.filter(isRunning).map(({ pid }) => pid);
  for (const pid of children) killGroup(pid);
  return [...new Set([...children, ...killMarked(markOf(run.main))])];
}

function markOf({ pid, started }: ProcessId): string {
  return `${pid}.${started}.`;
}
