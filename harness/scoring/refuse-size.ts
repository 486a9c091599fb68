import { UserError } from '../errors.ts';
import type { AnyMetric } from '../metrics/kinds.ts';
import type { PictureSize } from '../pictures/image8.ts';

/**
 * @param name what has that size, as the message calls it
 * @throws UserError where the metric has no number for pictures of this size
 */
export function refuseSize(
  { name: metric, refuses }: Pick<AnyMetric, 'name' | 'refuses'>,
  size: PictureSize,
  name: string,
): void {
  const reason = refuses?.(size);
  if (reason) throw new UserError(`${metric} of ${name}: ${reason}`);
}
