import { defineDataset, itemOf, UserError } from 'tweedie';

const IDS = ['test/red', 'test/green', 'test/blue'];

/** Three pictures that fade from black at the left to a colour at the right. */
export default defineDataset({
  name: 'gradients',
  description: 'three colour ramps',
  ids: async (split) => (split === 'test' ? IDS : []),
  async item(id, { height, width }) {
    const channel = IDS.indexOf(id);
    if (channel < 0)
      throw new UserError(`gradients has no picture "${id}"; expected one of ${IDS.join(', ')}`);
    const data = new Uint8Array(height * width * 3);
    for (let i = 0; i < height * width; i++) data[i * 3 + channel] = (255 * (i % width)) / (width - 1);
    return itemOf(id, { height, width, channels: 3, data });
  },
  caption: async (id) => `from black to ${id.slice('test/'.length)}`,
});
