import { quoted } from '../config/located.ts';
import { placeOf, type SourceLocation, UserError } from '../errors.ts';

/** What tables call a method, and where that stands. */
export interface RowLabel {
  readonly text: string;
  readonly where: SourceLocation;
}

/** What an experiment calls its methods, by their keys: each has one row, so one name. */
export class RowLabels {
  readonly #labels = new Map<string, RowLabel>();
  readonly #notes = new Set<string>();

  /** Which labels are in vain, a line each. */
  get notes(): string[] {
    return [...this.#notes];
  }

  /** The texts by the methods' keys. */
  get byMethod(): Record<string, string> {
    return Object.fromEntries([...this.#labels].map(([key, { text }]) => [key, text]));
  }

  /**
   * @param madeOne the task whose override has made this method one with another; null: it is as it stands under `solvers`
   * @throws UserError where the entry's cells have another label already, and no override is the reason
   */
  add(methodKey: string, label: RowLabel, madeOne: string | null): void {
    const known = this.#labels.get(methodKey);
    if (!known) this.#labels.set(methodKey, label);
    if (!known || known.text === label.text) return;
    const both = `${quoted(label.text)} is of the same cells as ${quoted(known.text)} (${placeOf(known.where)})`;
    if (madeOne === null) throw new UserError(`label: ${both}; expected one label`, label.where);
    this.#notes.add(
      `label ${placeOf(label.where)}: ${both} on ${madeOne}, whose override makes them one: they are called ${quoted(known.text)} there`,
    );
  }
}
