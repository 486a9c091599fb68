import { z } from 'zod';
import type { Tensor } from '../engine/tf.ts';
import { defineSolver } from './solver.ts';

/** Through the autoencoder and back: what inversion of the latents of a picture can reach, unless it optimises them too. */
export default defineSolver({
  solves: 'invert',
  name: 'round-trip',
  title: 'Autoencoder round trip',
  version: 1,
  paper: 'no paper: decode(encode(x)), the bound of inversion in latents',
  requires: { autoencoder: true },
  params: z.strictObject({}),
  passes: () => 0,
  async solve({ x }, { autoencoder: { encode, decode } }, _params, run) {
    const roundTrip = run.compile(({ picture }: { picture: Tensor }) => decode(encode(picture)));
    return { x: await roundTrip({ picture: x }) };
  },
});
