import { expect, it } from 'vitest';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { openDevice } from '../../harness/engine/device.ts';
import { traitAgreementMetric } from '../../harness/metrics/trait-agreement.ts';
import { toImage8 } from '../../harness/pictures/image8.ts';

const device = await openDevice('cpu:1');

/** Of pictures painted at this size with the traits of a picture so many places on, the mean agreement. */
async function agreement(side: number, places: number): Promise<number> {
  const ids = (await toyfaces.ids('test')).slice(0, 30);
  const items = await Promise.all(ids.map((id) => toyfaces.item(id, { height: side, width: side })));
  const pictures = items.map(({ image }) => toImage8(image, [3, side, side]));
  const traits = await Promise.all(ids.map((id) => toyfaces.traits!.of(id)));
  const network = await traitAgreementMetric.open({}, device);
  const wanted = traits.map((_, i) => traits[(i + places) % traits.length]!);
  const shares = await network.scores(pictures, wanted);
  network.dispose();
  return shares.reduce((sum, share) => sum + share) / shares.length;
}

it.each([64, 32])(
  'of pictures of %i pixels a side: most traits of their own captions, few of others',
  async (side) => {
    const [own, other] = [await agreement(side, 0), await agreement(side, 7)];
    expect(own).toBeGreaterThan(0.8);
    expect(other).toBeLessThan(0.5);
  },
);
