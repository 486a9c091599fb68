import { basename } from 'node:path';
import type { PictureFacts } from './pictures.ts';

/** A folder stretched picture by picture has nearly all of its pictures at full range, where the other has few. */
const STRETCHED = 0.95;
const NATURAL = 0.5;
/** Fewer pictures say nothing about a folder's habits. */
const ENOUGH = 4;

interface Side {
  readonly name: 'generated' | 'reference';
  readonly pictures: readonly PictureFacts[];
}

/** What about the files spoils the numbers, each in one line. */
export function spoilers(generated: readonly PictureFacts[], reference: readonly PictureFacts[]): string[] {
  const sides: [Side, Side] = [
    { name: 'generated', pictures: generated },
    { name: 'reference', pictures: reference },
  ];
  return [
    ...compression(sides),
    ...sides.flatMap((side) => [
      ...some(side, ({ alpha }) => alpha, 'with an alpha channel, laid on white'),
      ...some(side, ({ bits }) => bits > 8, 'of more than 8 bits, cut to 8'),
      ...some(side, ({ space }) => space === 'cmyk', 'in CMYK, converted to sRGB'),
      ...some(side, ({ space }) => space === 'b-w' || space === 'grey16', 'in greyscale, repeated to RGB'),
      ...mixedSizes(side),
    ]),
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

function some({ name, pictures }: Side, is: (facts: PictureFacts) => boolean, what: string): string[] {
  const found = pictures.filter(is);
  return found.length > 0
    ? [`${found.length} of ${pictures.length} ${name} pictures ${what}: ${basename(found[0]!.file)} for one`]
    : [];
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
