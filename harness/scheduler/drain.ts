/**
 * Lets `count` loops empty a queue together. The first that fails stops the others by `stop`; when all have ended, its
 * error is thrown.
 */
export async function drain(count: number, loop: () => Promise<void>, stop: AbortController): Promise<void> {
  let failed: { error: unknown } | null = null;
  const loops = Array.from({ length: count }, () =>
    loop().catch((error) => {
      failed ??= { error };
      stop.abort();
    }),
  );
  await Promise.all(loops);
  if (failed) throw (failed as { error: unknown }).error;
}
