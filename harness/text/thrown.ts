import { inspect } from 'node:util';
import { beginningOf, endOf, LOG_CHARACTERS, MESSAGE_CHARACTERS } from './bounded.ts';

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
  if (typeof thrown === 'string') return firstLine(thrown) ?? 'an empty string was thrown';
  if (!(thrown instanceof Error)) {
    const shown = textOf(() => inspect(thrown, { depth: 1, breakLength: Number.POSITIVE_INFINITY }));
    return `${firstLine(shown ?? '') ?? 'something'} was thrown, which is no error`;
  }
  const message = textOf(() => thrown.message);
  if (message === undefined) return 'an error was thrown whose message cannot be read';
  return firstLine(message) ?? `${textOf(() => thrown.name) || 'an error'} was thrown without a message`;
}

/** The first line that says something; what lies far behind is not even looked at. */
function firstLine(text: string): string | undefined {
  return text
    .slice(0, LOG_CHARACTERS)
    .split(/[\r\n]/)
    .map((line) => line.trim())
    .find((line) => line !== '');
}

function textOf(read: () => unknown): string | undefined {
  try {
    const value = read();
    return value === undefined ? undefined : String(value);
  } catch {
    return undefined;
  }
}
