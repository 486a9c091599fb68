import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { loadWeights } from '../../networks/load-weights.ts';
import { lpips, lpipsHeadShapes, lpipsMap, lpipsTrunkShapes } from '../../networks/lpips.ts';
import { lpipsTrunks } from '../../networks/lpips-trunks.ts';
import { derivedParams, evaluate } from '../differentiable.ts';
import type { Entry } from '../entry.ts';
import { readParams } from '../unsupported.ts';

const channels = z.array(z.number()).length(3);
const paramsSchema = z.strictObject({
  ...derivedParams,
  net: z.enum(['alex', 'vgg', 'squeeze']),
  /** Of the heads and the scaling, which are given here. */
  version: z.string(),
  /** Pictures in [0,1] instead of [-1,1]. */
  normalize: z.boolean(),
  shift: channels,
  scale: channels,
  eps: z.number().nonnegative(),
  /** A map [N,1,H,W] instead of its mean. */
  spatial: z.boolean(),
  taps: z.array(z.number().int().nonnegative()).nonempty(),
  /** Name of the asset that holds the heads. */
  lin: z.string(),
});

/** in0, in1 [N,3,H,W] -> distance [N]. */
export const lpipsEntry: Entry = {
  name: 'lpips.distance',
  jumps: true,
  async run(given) {
    const params = readParams(paramsSchema, given.params);
    const layout = { ...lpipsTrunks[params.net], taps: params.taps };
    const parameters = () => lpipsTrunkShapes(layout);
    const { params: trunk } = given.network({ schema: z.unknown(), parameters });
    const path = given.asset(params.lin);
    const heads = loadWeights(path, lpipsHeadShapes(layout), given.device.constant);
    const scaling = { shift: params.shift, scale: params.scale };
    const distance = params.spatial ? lpipsMap : lpips;
    const input = (x: Tensor) => (params.normalize ? tf.sub(tf.mul(x, 2), 1) : x);
    try {
      const variables = { in0: given.tensor('in0'), in1: given.tensor('in1') };
      return await evaluate(given, params, variables, ({ in0, in1 }) => {
        const options = { scaling, epsilon: params.eps };
        return { distance: distance(layout, trunk, heads.params, input(in0!), input(in1!), options) };
      });
    } finally {
      heads.dispose();
    }
  },
};
