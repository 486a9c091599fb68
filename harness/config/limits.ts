import { type SourceLocation, UserError } from '../errors.ts';

/**
 * What reading one experiment may cost: its files and the command line's assignments together. Far beyond what a person
 * writes, and a second of time or so: a few lines of YAML can ask for more memory than there is.
 */
const READING = {
  files: 100,
  bytes: 2 ** 20,
  /** Words and punctuation marks of YAML. */
  tokens: 250_000,
  /** Keys and values, those behind an alias as often as it is used. */
  values: 100_000,
  assignments: 1000,
} as const;

const ASKED = {
  files: 'files that extend or include one another',
  bytes: 'bytes of text',
  tokens: 'words and punctuation marks',
  values: 'keys and values (aliases written out)',
  assignments: 'assignments by --set',
} as const;

/** Levels of lists and mappings inside one another. */
export const MOST_LEVELS = 64;

/** Cells that one experiment may ask for, and methods: points of its tasks' and solvers' grids. */
const MOST_CELLS = 1_000_000;
export const MOST_METHODS = 200_000;

/** An experiment that asks for more than one may have: it is not looked at any further. */
export class TooLarge extends UserError {}

/**
 * @param repetitions how often each method runs: pictures times seeds; where the pictures are not known yet, at least
 * @throws TooLarge for more methods or cells than one experiment may have
 */
export function refuseTooMany(methods: number, repetitions: number, where: SourceLocation): void {
  const refuse = (count: number, most: number, what: string) => {
    if (count <= most) return;
    throw new TooLarge(
      `asks for ${grouped(count)} ${what}; an experiment has at most ${grouped(most)}`,
      where,
    );
  };
  refuse(methods, MOST_METHODS, 'methods (points of the grids, for each task)');
  refuse(methods * repetitions, MOST_CELLS, 'cells');
}

/** Counts what has been read, and stops reading at the limits. */
export class ReadingBudget {
  readonly #spent = { files: 0, bytes: 0, tokens: 0, values: 0, assignments: 0 };

  /** How many values have been read. */
  get values(): number {
    return this.#spent.values;
  }

  /** @throws UserError where that is more than one experiment may take */
  spend(what: keyof typeof READING, amount: number, where: () => SourceLocation | undefined): void {
    this.#spent[what] += amount;
    if (this.#spent[what] <= READING[what]) return;
    throw new UserError(`too large: more than ${grouped(READING[what])} ${ASKED[what]}`, where());
  }
}

/** `1,000,000`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US', { maximumSignificantDigits: 15 });
}
