import { z } from 'zod';

/**
 * The parameter by which a prior says that its weights were drawn at random: such results test speed and paths, not
 * methods. Optional, not false by default: keys of results that were stored before it came do not change.
 */
export const randomWeights = z
  .literal(true)
  .optional()
  .describe('its weights were drawn at random: label its results so');
