import { type Beginning, head } from './beginning.ts';

/** A data set to begin with: three colour ramps with captions. */
export const datasetBeginning: Beginning = {
  what: 'data set',
  module: dataset,
  experiment,
  shows: 'LDPS on its pictures',
};

function dataset(name: string): string {
  return `import { defineDataset, itemOf, UserError } from 'tweedie';

const IDS = ['test/red', 'test/green', 'test/blue'];

/** Say here where the pictures are from: here they fade from black at the left to a colour at the right. */
export default defineDataset({
  name: '${name}',
  description: 'three colour ramps',
  // Splits are train, validation and test; the order must stay.
  ids: async (split) => (split === 'test' ? IDS : []),
  // The same bytes each time: their sha256 is part of every result's key.
  async item(id, { height, width }) {
    const channel = IDS.indexOf(id);
    if (channel < 0) throw new UserError(\`${name} has no picture "\${id}"; expected one of \${IDS.join(', ')}\`);
    const data = new Uint8Array(height * width * 3);
    for (let i = 0; i < height * width; i++) data[i * 3 + channel] = (255 * (i % width)) / (width - 1);
    return itemOf(id, { height, width, channels: 3, data });
  },
  caption: async (id) => \`from black to \${id.slice('test/'.length)}\`,
});
`;
}

function experiment(name: string): string {
  return `${head(name, {
    besides: `Its pictures as files: tweedie dataset ${name} --plugin ${name}.js`,
    data: `{ set: ${name} }`,
  })}
tasks:
  - super-resolution: { factor: 4 }
solvers:
  - ldps: { steps: 20 }
`;
}
