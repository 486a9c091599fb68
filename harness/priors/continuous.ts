/**
 * Times of variance-preserving diffusions in continuous time s in [0,1] (Song et al., arXiv 2011.13456, eq. 11), in which
 * 1 + sigma^2 = exp(integral of beta from 0 to s) where noise / signal is sigma. No registered prior is told such times:
 * cases of `tweedie verify` are.
 */

/** Of beta(s) = betaMin + betaRange s, for sigma > 0; `scale` is the time of s = 1. */
export function linearBetaTime(
  sigma: number,
  { betaMin, betaRange, scale }: { betaMin: number; betaRange: number; scale: number },
): number {
  const integral = Math.log1p(sigma ** 2);
  return (scale * (Math.sqrt(betaMin ** 2 + 2 * betaRange * integral) - betaMin)) / betaRange;
}

/** The same of a beta(s) whose square root is linear, from betaMin to betaMax. */
export function linearRootTime(
  sigma: number,
  { betaMin, betaMax, scale }: { betaMin: number; betaMax: number; scale: number },
): number {
  const root = Math.sqrt(betaMin);
  const slope = Math.sqrt(betaMax) - root;
  const integral = Math.log1p(sigma ** 2);
  return (scale * (Math.cbrt(3 * slope * integral + root ** 3) - root)) / slope;
}
