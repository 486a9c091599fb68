import type { Device } from '../../engine/device.ts';
import { featureSet } from '../../metrics/set-comparison.ts';
import type { FeatureSet } from '../../metrics/set-metric.ts';
import { fidToy } from '../../metrics/toy.ts';
import type { Image8 } from '../../pictures/image8.ts';
import { range } from './pictures.ts';
import type { FrechetValue } from './pixel-card.ts';

/** FID-toy of each set to a reference. */
export async function frechetTo(
  device: Device,
  reference: readonly Image8[],
  sets: readonly (readonly Image8[])[],
): Promise<FrechetValue[]> {
  const network = await fidToy.extractor.open({}, device);
  const featuresOf = async (images: readonly Image8[]): Promise<FeatureSet> =>
    featureSet(await network.features(images), fidToy.extractor.dimensions, range(images.length).map(String));
  const to = await featuresOf(reference);
  const values: FrechetValue[] = [];
  for (const images of sets) {
    const { value, standardError } = await fidToy.score({
      generated: await featuresOf(images),
      reference: to,
      paired: false,
    });
    values.push({ value, standardError });
  }
  network.dispose();
  return values;
}
