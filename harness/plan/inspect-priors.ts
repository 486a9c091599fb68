import { quoted } from '../config/located.ts';
import { UserError } from '../errors.ts';
import { priorKey } from '../identity/keys.ts';
import type { PriorRef } from '../identity/refs.ts';
import type { PriorFacts } from '../priors/prior-kind.ts';
import { type Plugin, pluginOf } from './plugins.ts';
import { inspectPrior } from './prior-facts.ts';
import type { PriorPoint } from './prior-points.ts';

/** A prior of the experiment with what is known of it. */
export interface PlannedPrior extends Pick<PriorPoint, 'name'> {
  readonly ref: PriorRef;
  readonly facts: PriorFacts;
}

/** @throws UserError where one cannot be read, is another one again, or makes pictures of another size than the first */
export async function inspectPriors(
  points: readonly PriorPoint[],
  plugins: readonly Plugin[],
): Promise<PlannedPrior[]> {
  const inspected: PlannedPrior[] = [];
  for (const point of points) {
    const { name, kind, params, paths, where, nameWhere } = point;
    const facts = await inspectPrior(point);
    const [first] = inspected;
    if (first && first.facts.imageShape.join() !== facts.imageShape.join()) {
      throw new UserError(
        `prior ${name} makes pictures [${facts.imageShape}], ${first.name} [${first.facts.imageShape}]: ` +
          'expected one size in an experiment',
        where,
      );
    }
    const ref: PriorRef = {
      name: kind.name,
      version: kind.version,
      params,
      paths,
      weightsSha256: facts.weightsSha256,
      toy: facts.toy,
      pluginSha256: pluginOf(plugins, 'priors', kind)?.sha256,
    };
    const same = inspected.find((other) => priorKey(other.ref) === priorKey(ref));
    if (same)
      throw new UserError(
        `prior ${quoted(name)} is the same as ${quoted(same.name)}: expected other weights or parameters`,
        nameWhere,
      );
    inspected.push({ name, ref, facts });
  }
  return inspected;
}
