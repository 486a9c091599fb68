import { TRAIT_NAMES, TRAITS } from '../../datasets/toyfaces/index.ts';
import type { Tensor } from '../engine/tf.ts';
import { tf } from '../engine/tf.ts';
import { answersOf, pooledFeatures, traitFeatures, traitLogits } from '../networks/trait-network.ts';
import { runsOfOneSize } from './picture-batches.ts';
import { networkProtocol, openNetwork, shownPictures } from './toy-network.ts';
import type { TraitMetric } from './traits.ts';

const sees = Object.fromEntries(TRAIT_NAMES.map((name) => [name, TRAITS[name].values]));

/**
 * The share of the traits that a picture was to have that a small classifier of toyfaces sees in it: of an edited picture
 * those that were to change, of a generated one all that its caption states.
 */
export const traitAgreementMetric: TraitMetric = {
  name: 'trait-agreement',
  title: 'Trait agreement',
  version: 1,
  of: 'traits',
  against: 'traits',
  level: 'image',
  by: 'network',
  better: 'higher',
  digits: 3,
  weights: [],
  sees,
  protocol: () => ({
    ...networkProtocol(),
    value: 'share of the wanted traits that the classifier sees',
    aggregation: 'per image',
  }),
  async open(_paths, device) {
    const { params, config, dispose } = openNetwork(device);
    const logitsOf = device.compile(({ x }: { x: Tensor }) =>
      traitLogits(params, pooledFeatures(traitFeatures(params, config, x))),
    );
    return {
      async scores(pictures, wanted) {
        const seen: number[][] = [];
        for (const [start, end] of runsOfOneSize(pictures)) {
          const x = shownPictures(pictures.slice(start, end));
          const logits = await logitsOf({ x });
          seen.push(...answersOf(config, (await logits.data()) as Float32Array));
          tf.dispose([x, logits]);
        }
        return wanted.map((traits, i) => {
          const asked = Object.entries(traits);
          const right = asked.filter(([name, value]) => {
            const question = Object.keys(sees).indexOf(name);
            return sees[name]?.[seen[i]![question]!] === value;
          });
          return right.length / asked.length;
        });
      },
      dispose,
    };
  },
};
