import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { admConfigSchema } from '../../networks/adm-config.ts';
import { admParameterShapes, admUnet } from '../../networks/adm-unet.ts';
import { derivedParams, evaluate } from '../differentiable.ts';
import type { Entry } from '../entry.ts';
import type { NetworkKind } from '../network.ts';
import { readParams } from '../unsupported.ts';

export const admKind: NetworkKind<typeof admConfigSchema> = {
  schema: admConfigSchema,
  parameters: admParameterShapes,
};
const paramsSchema = z.strictObject(derivedParams);

/** x [B,C,H,W], timesteps [B] or [1], y [B] of class-conditional networks -> out. */
export const admForward: Entry = {
  name: 'adm.forward',
  run(given) {
    const derived = readParams(paramsSchema, given.params);
    const { config, params } = given.network(admKind);
    if (given.has('y') !== (config.num_classes !== null))
      throw new UserError('class labels y go with num_classes of the config: expected both or neither');
    const timesteps = given.tensor('timesteps');
    const labels = given.has('y') ? given.tensor('y') : null;
    return evaluate(given, derived, { x: given.tensor('x') }, ({ x }) => ({
      out: admUnet(params, config, x!, timesteps, labels),
    }));
  },
};
