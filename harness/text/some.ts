/** `a, b, c and 4 more`: of many names as many as a line has room for. */
export function some(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
