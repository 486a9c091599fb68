/** `1 cell`, `2 cells`: a number of things, in words that fit it. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
