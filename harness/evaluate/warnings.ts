import type { Protocol } from '../metrics/metric.ts';
import { changeKinds, changesOf, describeChange, PILLOW_RULES } from '../pictures/picture-changes.ts';
import type { SeenPicture } from './pictures.ts';

/** A folder stretched picture by picture has nearly all of its pictures at full range, where the other has few. */
const STRETCHED = 0.95;
const NATURAL = 0.5;
/** Fewer pictures say nothing about a folder's habits. */
const ENOUGH = 4;

interface Side {
  readonly name: 'generated' | 'reference';
  readonly pictures: readonly SeenPicture[];
}

/** What about the files spoils the numbers, each in one line. */
export function spoilers(generated: readonly SeenPicture[], reference: readonly SeenPicture[]): string[] {
  const sides: [Side, Side] = [
    { name: 'generated', pictures: generated },
    { name: 'reference', pictures: reference },
  ];
  return [
    ...compression(sides),
    ...sides.flatMap((side) => [...reading(side), ...mixedSizes(side)]),
    ...stretching(sides),
  ];
}

function compression(sides: readonly [Side, Side]): string[] {
  const lossy = sides.map(({ pictures }) => pictures.filter(({ format }) => format === 'jpeg').length);
  return sides.flatMap(({ name }, i) =>
    lossy[i]! > 0 && lossy[1 - i] === 0
      ? [
          `${lossy[i]} ${name} pictures are JPEG and none of the other side: compression alone moves FID by much`,
        ]
      : [],
  );
}

function reading({ name, pictures }: Side): string[] {
  return changesOf(pictures, PILLOW_RULES).map((change) =>
    describeChange(change, pictures.length, `${name} pictures`),
  );
}

/** What reading changed on a side, as part of its numbers' protocol; nothing for pictures that were 8-bit RGB. */
export function readingProtocol(pictures: Readonly<Record<Side['name'], readonly SeenPicture[]>>): Protocol {
  const kinds = (['generated', 'reference'] as const).map(
    (side) => [`${side}Pictures`, changeKinds(changesOf(pictures[side], PILLOW_RULES))] as const,
  );
  return Object.fromEntries(kinds.filter(([, changed]) => changed !== ''));
}

function mixedSizes({ name, pictures }: Side): string[] {
  const sizes = new Set(pictures.map(({ width, height }) => `${width}x${height}`));
  return sizes.size > 1 ? [`the ${name} pictures have ${sizes.size} different sizes`] : [];
}

function stretching(sides: readonly [Side, Side]): string[] {
  const share = ({ pictures }: Side) =>
    pictures.filter(({ fullRange }) => fullRange).length / pictures.length;
  return sides.flatMap((side, i) =>
    side.pictures.length >= ENOUGH && share(side) >= STRETCHED && share(sides[1 - i]!) <= NATURAL
      ? [
          `nearly every ${side.name} picture reaches both 0 and 255, most of the other side do not: were they scaled by their own minimum and maximum?`,
        ]
      : [],
  );
}
