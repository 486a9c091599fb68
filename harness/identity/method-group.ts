/** What kind of method a row is, as papers group their tables; in their order. No part of a key. */
export const METHOD_GROUPS = ['classical', 'pixel', 'latent', 'trained'] as const;

export type MethodGroup = (typeof METHOD_GROUPS)[number];
