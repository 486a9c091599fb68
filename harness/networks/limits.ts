/** Sizes in configs up to which a network's list of tensors is made: far above any that exists, and no work to speak of. */
import { z } from 'zod';

const whole = z.number().int().positive();

/** Channels of each level of a U-Net or autoencoder. */
export const levels = z.array(whole).nonempty().max(16);
/** Blocks of one level, or layers of one transformer. */
export const layers = whole.max(256);
