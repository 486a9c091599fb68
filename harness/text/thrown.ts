import { inspect } from 'node:util';
import { beginningOf, endOf, LOG_CHARACTERS, MESSAGE_CHARACTERS } from './bounded.ts';
import { visible } from './visible.ts';

/** What a failed row says of something that was thrown. */
export interface Thrown {
  /** One line, never empty. */
  readonly message: string;
  /** Empty where there is none. */
  readonly stack: string;
}

/** Describes whatever was thrown. Never throws itself, whatever getters do. */
export function describeThrown(thrown: unknown): Thrown {
  const message = beginningOf(messageOf(thrown), MESSAGE_CHARACTERS);
  const stack = thrown instanceof Error ? textOf(() => thrown.stack) : undefined;
  return { message, stack: endOf(stack ?? '', LOG_CHARACTERS) };
}

function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string') return inOneLine(thrown) ?? 'an empty string was thrown';
  if (!(thrown instanceof Error)) {
    const shown = textOf(() => inspect(thrown, { depth: 1, breakLength: Number.POSITIVE_INFINITY }));
    return `${inOneLine(shown ?? '') ?? 'something'} was thrown, which is no error`;
  }
  const message = textOf(() => thrown.message);
  if (message === undefined) return 'an error was thrown whose message cannot be read';
  return inOneLine(message) ?? `${textOf(() => thrown.name) || 'an error'} was thrown without a message`;
}

/** All that it says, line breaks written out; what lies far behind is not even looked at. */
function inOneLine(text: string): string | undefined {
  const said = beginningOf(text.slice(0, LOG_CHARACTERS).trim(), MESSAGE_CHARACTERS);
  return said === '' ? undefined : visible(said);
}

function textOf(read: () => unknown): string | undefined {
  try {
    const value = read();
    return value === undefined ? undefined : String(value);
  } catch {
    return undefined;
  }
}
