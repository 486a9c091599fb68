import type { Dataset, Traits } from '../../data/dataset.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { PictureSize } from '../../pictures/image8.ts';
import { lackOfChange, paintedTraits } from '../counterfactuals.ts';

/** Two domains of pictures by what those of each have in common, and how many of each are shown. */
export interface Domains {
  readonly from: Traits;
  readonly to: Traits;
  readonly examples: number;
}

/** Why a picture is not one of the first domain that has a counterfactual in the other one; null: it is. */
export async function lackOfDomain(
  dataset: Dataset,
  id: string,
  { from, to }: Domains,
): Promise<string | null> {
  return (await lackOfTraits(dataset, id, from)) ?? lackOfChange(paintedTraits(dataset), id, to);
}

/** Ids of the first pictures of each domain in the training split, unpaired; none where one of the domains has none. */
export async function exampleIds(
  dataset: Dataset,
  domains: Domains,
): Promise<Record<'from' | 'to', readonly string[]>> {
  const train = domains.examples === 0 ? [] : await dataset.ids('train');
  const first = async (lack: (id: string) => Promise<string | null>) => {
    const found: string[] = [];
    for (const id of train) {
      if (found.length === domains.examples) break;
      if ((await lack(id)) === null) found.push(id);
    }
    return found;
  };
  const from = await first((id) => lackOfDomain(dataset, id, domains));
  const to = await first((id) => lackOfTraits(dataset, id, domains.to));
  return from.length === 0 || to.length === 0 ? { from: [], to: [] } : { from, to };
}

/** [N,3,H,W] in [-1,1]. */
export async function picturesOf(
  dataset: Dataset,
  ids: readonly string[],
  size: PictureSize,
): Promise<Tensor> {
  const items = await Promise.all(ids.map((id) => dataset.item(id, size)));
  return tf.stack(items.map(({ image }) => tf.tensor(image, [3, size.height, size.width])));
}

async function lackOfTraits(dataset: Dataset, id: string, domain: Traits): Promise<string | null> {
  const own = await paintedTraits(dataset).of(id);
  const other = Object.keys(domain).find((trait) => own[trait] !== domain[trait]);
  return other === undefined ? null : `does not show ${other}: ${domain[other]}`;
}
