import { UserError } from '../errors.ts';

/** Several mistakes at once: the message has a line each. */
export class SeveralMistakes extends UserError {
  readonly all: readonly UserError[];

  constructor(all: readonly UserError[]) {
    super(all.map(({ message }) => message).join('\n'));
    this.all = all;
  }
}

/** Gathers mistakes that have nothing to do with one another, so that a person sees them all. */
export class Mistakes {
  readonly #found = new Map<string, UserError>();

  /** The same mistake, at the same place, counts once. */
  add(mistake: UserError): void {
    if (mistake instanceof SeveralMistakes) for (const one of mistake.all) this.add(one);
    else if (!this.#found.has(mistake.message)) this.#found.set(mistake.message, mistake);
  }

  /** What `work` gives; null where it makes a mistake, which is kept. */
  attempt<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.add(error);
      return null;
    }
  }

  /** @throws UserError where there are mistakes: the only one as it is, several in the order of the file */
  refuse(): void {
    const all = inFileOrder([...this.#found.values()]);
    const [first, second] = all;
    if (second) throw new SeveralMistakes(all);
    if (first) throw first;
  }
}

/** File by file as they were found, in each by line; those that stand nowhere at the end. */
function inFileOrder(mistakes: readonly UserError[]): UserError[] {
  const files = [...new Set(mistakes.flatMap(({ where }) => (where ? [where.file] : [])))];
  const place = ({ where }: UserError) =>
    where ? [files.indexOf(where.file), where.line, where.column] : [files.length, 0, 0];
  return mistakes
    .map((mistake) => ({ mistake, at: place(mistake) }))
    .sort((a, b) => a.at.map((value, i) => value - b.at[i]!).find((difference) => difference !== 0) ?? 0)
    .map(({ mistake }) => mistake);
}
