import type { Params } from './refs.ts';

/** Value of a parameter that stands for each picture's own caption; in a file, `prompt: { from: caption }`. */
export interface OwnCaption {
  readonly from: 'caption';
}

export function isOwnCaption(value: unknown): value is OwnCaption {
  return typeof value === 'object' && value !== null && 'from' in value && value.from === 'caption';
}

/** Names of the parameters through which a method is told the caption of each picture that it restores. */
export function captionParameters(params: Params): string[] {
  return Object.keys(params).filter((name) => isOwnCaption(params[name]));
}
