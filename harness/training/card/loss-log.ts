import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.ts';

const lineSchema = z.object({ step: z.number(), loss: z.number(), seconds: z.number() });
export type LossLine = z.infer<typeof lineSchema>;

/** A training log, in the order it was written. */
export interface LossLog {
  /** Name of its config, without the ending. */
  readonly name: string;
  readonly lines: readonly LossLine[];
}

/** The training logs of a prior (training/*.jsonl), by name; none where there is no such folder. */
export function readLossLogs(folder: string): LossLog[] {
  const logs = join(folder, 'training');
  if (!existsSync(logs)) return [];
  const files = readdirSync(logs).filter((file) => file.endsWith('.jsonl'));
  return files.sort().map((file) => ({ name: basename(file, '.jsonl'), lines: readLines(join(logs, file)) }));
}

function readLines(file: string): LossLine[] {
  const text = readFileSync(file, 'utf8').split('\n');
  const lines = text.flatMap((line, i) => (line === '' ? [] : [parseLine(line, file, i + 1)]));
  if (lines.length === 0)
    throw new UserError(`${file}: the log is empty; expected { step, loss, seconds } a line`);
  return lines;
}

function parseLine(line: string, file: string, number: number): LossLine {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    throw new UserError('expected { "step": ..., "loss": ..., "seconds": ... }', {
      file,
      line: number,
      column: 1,
    });
  }
}

/** Running time: the clock starts again at zero with each resume. */
export function secondsOf(lines: readonly LossLine[]): number {
  return lines.reduce((sum, { seconds }, i) => {
    const before = i > 0 ? lines[i - 1]!.seconds : 0;
    return sum + (seconds >= before ? seconds - before : seconds);
  }, 0);
}
