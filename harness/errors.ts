/** A place in a text file that a person can open; line and column count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `file:line:column`. */
export function placeOf({ file, line, column }: SourceLocation): string {
  return `${file}:${line}:${column}`;
}

/**
 * Something the user can put right: the command line prints the message alone, in one line, and exits with code 2.
 * With a place, the message reads `file:line:column: text`.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly where: SourceLocation | undefined;

  constructor(text: string, where?: SourceLocation) {
    super(where ? `${placeOf(where)}: ${text}` : text);
    this.where = where;
  }
}
