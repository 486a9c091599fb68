import { z } from 'zod';

/** Values of traits by name, at least one; which there are is the data set's to say. */
export const change = z
  .record(z.string(), z.string())
  .refine((traits) => Object.keys(traits).length > 0, 'expected a trait with its value, as { hat: red }');
