import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { type Located, nodeAt, quoted } from '../config/located.ts';
import { UserError } from '../errors.ts';

/** What is an interpreter's to run: an argument with such an ending is a file, and one that is missing is a mistake. */
const SCRIPT = /\.(py|[cm]?js|[cm]?ts|jl|r|sh|m|rb|pl)$/i;

/**
 * Sees that a command can start: its program is there, and so is each script among its arguments.
 * @param command the description's own node: a list, or one word
 * @param folder in which it runs
 * @throws UserError at the word
 */
export function requireCommand(words: readonly string[], folder: string, command: Located): void {
  const [program, ...args] = words as [string, ...string[]];
  const whereOf = (i: number) => (command.kind === 'list' ? nodeAt(command, [i]).where : command.where);
  if (!isThere(program, folder)) {
    const split = program.trim().split(/\s+/);
    throw new UserError(
      split.length > 1
        ? `command: expected a list, [${split.join(', ')}]; found the one word ${quoted(program)}`
        : `command: there is no program ${quoted(program)}${program.includes('/') ? ` in ${folder}` : ' on the PATH'}`,
      whereOf(0),
    );
  }
  for (const [i, word] of args.entries())
    if (SCRIPT.test(word) && !word.startsWith('-') && !isFile(resolve(folder, word)))
      throw new UserError(`command: no file ${word} in ${folder}`, whereOf(i + 1));
}

/** As a process is started: a name with a slash is a path, another is looked up. What Windows adds to it is not looked for. */
function isThere(program: string, folder: string): boolean {
  if (process.platform === 'win32') return true;
  if (program.includes('/')) return isFile(resolve(folder, program));
  return (process.env.PATH ?? '').split(delimiter).some((one) => isExecutable(join(one, program)));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}
