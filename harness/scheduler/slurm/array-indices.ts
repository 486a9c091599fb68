/** `0-3,7` of 0, 1, 2, 3 and 7: the indices of an array as sbatch and scancel take them. */
export function rangesOf(indices: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const index of [...new Set(indices)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && index === run.last + 1) run.last = index;
    else runs.push({ first: index, last: index });
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** The indices in `7`, `[0-3,7%50]` or `[1-9:2]`, as Slurm prints them; what it cuts off with `...` is not there. */
export function indicesIn(text: string): number[] {
  const ranges = text.replace(/^\[|\]$/g, '').replace(/%\d+$/, '');
  return ranges.split(',').flatMap((range) => {
    const [, first, last = first, step = '1'] = /^(\d+)(?:-(\d+)(?::(\d+))?)?$/.exec(range) ?? [];
    if (first === undefined) return [];
    const [from, to, by] = [Number(first), Number(last), Math.max(Number(step), 1)];
    return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
  });
}
