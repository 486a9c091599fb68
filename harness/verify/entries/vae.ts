import { z } from 'zod';
import { tf } from '../../engine/tf.ts';
import { autoencoderConfigSchema } from '../../networks/autoencoder-config.ts';
import { autoencoderParameterShapes, decodeLatent, encodeMoments } from '../../networks/autoencoder-kl.ts';
import { currentAutoencoderName } from '../../networks/autoencoder-names.ts';
import { derivedParams, evaluate } from '../differentiable.ts';
import type { Entry } from '../entry.ts';
import type { NetworkKind } from '../network.ts';
import { readParams } from '../unsupported.ts';

export const autoencoderKind: NetworkKind<typeof autoencoderConfigSchema> = {
  schema: autoencoderConfigSchema,
  parameters: autoencoderParameterShapes,
  rename: currentAutoencoderName,
};
const encodeParams = z.strictObject({
  ...derivedParams,
  logvar_min: z.literal(-30),
  logvar_max: z.literal(20),
});
const decodeParams = z.strictObject(derivedParams);

/** x [B,3,H,W] -> mean, logvar, std [B,c,h,w]. */
export const vaeEncode: Entry = {
  name: 'vae.encode',
  run(given) {
    const derived = readParams(encodeParams, given.params);
    const { config, params } = given.network(autoencoderKind);
    return evaluate(given, derived, { x: given.tensor('x') }, ({ x }) => {
      const { mean, logvar } = encodeMoments(params, config, x!);
      return { mean, logvar, std: tf.exp(tf.div(logvar, 2)) };
    });
  },
};

/** z [B,c,h,w] -> decoded [B,3,H,W]; no scaling factor. */
export const vaeDecode: Entry = {
  name: 'vae.decode',
  run(given) {
    const derived = readParams(decodeParams, given.params);
    const { config, params } = given.network(autoencoderKind);
    return evaluate(given, derived, { z: given.tensor('z') }, ({ z }) => ({
      decoded: decodeLatent(params, config, z!),
    }));
  },
};
