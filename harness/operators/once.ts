/** Computes a value when it is first asked for: a decomposition costs far more than the operator's own matrices. */
export function once<T>(compute: () => T): () => T {
  let value: { of: T } | undefined;
  return () => {
    value ??= { of: compute() };
    return value.of;
  };
}
