import { inspect } from 'node:util';
import { shorten, visible } from './visible.ts';

/** Characters of a value of somebody else's code that one line of a message shows. */
const SHOWN = 80;

/** What a person reads after "found" or "returned": a value of somebody else's code, none of which is run for it. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : inspect(value, {
          depth: 0,
          compact: true,
          breakLength: Number.POSITIVE_INFINITY,
          customInspect: false,
          maxArrayLength: 8,
          maxStringLength: SHOWN,
        });
  return shorten(visible(text), SHOWN);
}
