/** Options that every command has. */
export interface GlobalOptions {
  /** Results folder. */
  results: string;
}
