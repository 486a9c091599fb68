/** What may stand beside a solver's name, and beside a task's: all other keys of an entry are names. */
export const BESIDE_SOLVERS: readonly string[] = ['prior', 'label', 'group', 'draws'];
export const BESIDE_TASKS: readonly string[] = ['override'];
