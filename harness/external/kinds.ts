import type { Given, Kind } from '../tasks/kinds.ts';

/** Kinds of tasks that a program can be told of: what is given is arrays and texts, and what is found a picture. */
export const EXTERNAL_KINDS = [
  'restore',
  'invert',
  'edit',
  'generate',
  'translate',
] as const satisfies readonly Kind[];
export type ExternalKind = (typeof EXTERNAL_KINDS)[number];

/** What is given, by kind of task. */
export type Posed = {
  readonly [K in ExternalKind]: { readonly kind: K; readonly given: Given[K] };
}[ExternalKind];
