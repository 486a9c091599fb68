import type { Attributes } from './attributes.ts';
import { captionOf } from './caption.ts';
import { labels } from './labels.ts';
import { render } from './render.ts';
import { PARTS } from './shade.ts';
import { attributesOf, TRAIT_NAMES, TRAITS, type Traits, traitsOf } from './traits.ts';

/** The same face with some of its traits changed. */
export interface Edited {
  /** size*size*3 bytes, RGB, row-major. */
  readonly pixels: Uint8Array;
  readonly caption: string;
  /** size*size, row-major: 1 where the two pictures differ, or one of them shows a part that a changed trait is painted on. */
  readonly mask: Uint8Array;
}

/**
 * Paints the picture with these traits in the place of its own; all that a caption does not name stays.
 * @param traits those of a picture (`whyNone` gives null)
 */
export function edited(source: Attributes, traits: Traits, size = 64): Edited {
  const target: Attributes = { ...attributesOf(traits), details: source.details };
  const own = traitsOf(source);
  const changed = TRAIT_NAMES.filter((name) => own[name] !== traits[name]);
  const parts = new Set(changed.flatMap((name) => TRAITS[name].parts.map((part) => PARTS.indexOf(part))));
  const [before, pixels] = [render(source, size), render(target, size)];
  const [partsBefore, partsAfter] = [labels(source, size), labels(target, size)];
  const mask = Uint8Array.from(partsBefore, (part, i) => {
    const differs = [0, 1, 2].some((c) => before[3 * i + c] !== pixels[3 * i + c]);
    return Number(differs || parts.has(part) || parts.has(partsAfter[i]!));
  });
  return { pixels, caption: captionOf(target), mask };
}
