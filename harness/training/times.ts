/**
 * A training time for each picture of a batch, one from each of its equal parts of the schedule, in order: batches that
 * cover the schedule evenly lower the gradient's variance.
 * @param offset in [0,1), where in the first part the first time lies
 */
export function stratifiedTimes(offset: number, batch: number, trainTimesteps: number): number[] {
  return Array.from({ length: batch }, (_, n) => Math.floor((((n + offset) / batch) % 1) * trainTimesteps));
}
