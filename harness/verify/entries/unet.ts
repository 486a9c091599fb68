import { z } from 'zod';
import { unetConfigSchema } from '../../networks/unet-config.ts';
import { unet2dCondition, unetParameterShapes } from '../../networks/unet2d-condition.ts';
import { derivedParams, evaluate } from '../differentiable.ts';
import type { Entry } from '../entry.ts';
import type { NetworkKind } from '../network.ts';
import { readParams } from '../unsupported.ts';

export const unetKind: NetworkKind<typeof unetConfigSchema> = {
  schema: unetConfigSchema,
  parameters: unetParameterShapes,
};
const paramsSchema = z.strictObject(derivedParams);

/** z [B,c,h,w], timestep [B] or [1], c [B,L,D] -> eps. */
export const unetForward: Entry = {
  name: 'unet.forward',
  run(given) {
    const derived = readParams(paramsSchema, given.params);
    const { config, params } = given.network(unetKind);
    const timestep = given.tensor('timestep');
    return evaluate(given, derived, { z: given.tensor('z'), c: given.tensor('c') }, ({ z, c }) => ({
      eps: unet2dCondition(params, config, z!, timestep, c!),
    }));
  },
};
