/** A check of something that is no solver; it throws an Error that says what it found and what it expected. */
export interface PartCheck<T> {
  readonly name: string;
  /** Whether the part has what is checked; absent: every part has. */
  concerns?(part: T): boolean;
  run(part: T): Promise<void> | void;
}

export function checksOfPart<T>(part: T, checks: readonly PartCheck<T>[]): readonly PartCheck<T>[] {
  return checks.filter((check) => check.concerns?.(part) ?? true);
}
