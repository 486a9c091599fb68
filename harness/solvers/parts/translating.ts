import { defineSolver, type Solver } from '../solver.ts';

/** A method of editing as one of translation: every picture shows what its domain shows, and is to show what the other one does. */
export function translating(editing: Solver<'edit'>): Solver<'translate'> {
  const { name, title = name, solve, ...rest } = editing;
  const domain = (text: string) => text.replace(/(-|, )edit$/, '$1translate');
  return defineSolver({
    ...rest,
    solves: 'translate',
    name: domain(name),
    title: domain(title),
    async solve({ x, from, to }, prior, p, run) {
      const each = (text: string) => new Array<string>(run.batch).fill(text);
      return solve({ x, captions: each(from), targets: each(to) }, prior, p, run);
    },
  });
}
