import { isOwnCaption } from './own-caption.ts';
import type { Params } from './refs.ts';

/**
 * A parameter's value as a reader expects it: 3, 0.01, cat, "" where a text is empty, [1,2]; poisson 1 for
 * `{ poisson: 1 }`, caption for each picture's own.
 */
export function formatParam(value: unknown): string {
  if (isOwnCaption(value)) return 'caption';
  if (value === '') return '""';
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const [first, second] = Object.entries(value);
    if (first && !second && typeof first[1] !== 'object') return `${first[0]} ${first[1]}`;
  }
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
}

export function formatParams(params: Params, keys: readonly string[] = Object.keys(params)): string {
  return keys.map((key) => `${key}=${formatParam(params[key])}`).join(', ');
}

/** The parameters whose values differ among several settings. */
export function differingKeys(settings: readonly Params[]): string[] {
  const keys = [...new Set(settings.flatMap((params) => Object.keys(params)))];
  return keys.filter((key) => new Set(settings.map((params) => JSON.stringify(params[key]))).size > 1);
}
