import type { PaintedTraits, Traits } from '../../data/dataset.ts';

/**
 * A change of `count` traits that the picture can have: a trait, all that can change being equally likely, then one of its
 * other values.
 * @param next uniform numbers in [0,1) of this picture
 */
export async function drawnChange(
  painted: PaintedTraits,
  id: string,
  count: number,
  next: () => number,
): Promise<Traits> {
  let change: Traits = {};
  for (let n = 0; n < count; n++) {
    const choices = await possible(painted, id, change);
    const { trait, values } = pick(choices, next);
    change = { ...change, [trait]: pick(values, next) };
  }
  return change;
}

/** The traits that can change as well, each with its possible values. */
async function possible(
  painted: PaintedTraits,
  id: string,
  change: Traits,
): Promise<{ readonly trait: string; readonly values: readonly string[] }[]> {
  const before = (await painted.after(id, change)) as Traits;
  const choices: { trait: string; values: string[] }[] = [];
  for (const trait of painted.local) {
    if (trait in change) continue;
    const values: string[] = [];
    for (const value of painted.values[trait]!) {
      const after = await painted.after(id, { ...change, [trait]: value });
      if (value !== before[trait] && typeof after !== 'string') values.push(value);
    }
    if (values.length > 0) choices.push({ trait, values });
  }
  return choices;
}

function pick<T>(from: readonly T[], next: () => number): T {
  return from[Math.floor(next() * from.length)]!;
}
