import { basename } from 'node:path';
import type { PictureSize } from './image8.ts';

import type { PictureFacts } from './picture-content.ts';
import { cropWindow } from './picture-file.ts';
import { pillowSaturates } from './pillow-picture.ts';

/** Something that reading did to pictures, in words; `of` says which, of one of them more. */
export interface ChangeRule<Picture> {
  readonly what: string;
  of(picture: Picture): boolean;
  detail?(picture: Picture): string;
}

/** What was done to how many pictures. */
export interface PictureChange {
  /** e.g. "with an alpha channel, dropped". */
  readonly what: string;
  readonly count: number;
  /** File name of the first, with more about it in brackets. */
  readonly example: string;
}

/** What the rules say of pictures; none for what happened to none of them. */
export function changesOf<Picture extends { readonly file: string }>(
  pictures: readonly Picture[],
  rules: readonly ChangeRule<Picture>[],
): PictureChange[] {
  return rules.flatMap(({ what, of, detail }) => {
    const changed = pictures.filter(of);
    const [first] = changed;
    if (!first) return [];
    const more = detail?.(first);
    return [{ what, count: changed.length, example: basename(first.file) + (more ? ` (${more})` : '') }];
  });
}

/** `2 of 6 pictures in CMYK, converted to sRGB: cmyk.jpg for one`. */
export function describeChange({ what, count, example }: PictureChange, total: number, name: string): string {
  return `${count} of ${total} ${name} ${what}: ${example} for one`;
}

/** The kinds of change, without numbers and names: part of a number's protocol. */
export function changeKinds(changes: readonly PictureChange[]): string {
  return changes.map(({ what }) => what).join('; ');
}

type Rule = ChangeRule<PictureFacts>;

const PROFILE: Pick<Rule, 'of' | 'detail'> = {
  of: ({ profile }) => profile !== null,
  detail: ({ profile }) => profile ?? '',
};
const TURNED: Pick<Rule, 'of' | 'detail'> = {
  of: ({ orientation }) => orientation !== 1,
  detail: ({ orientation }) => `orientation ${orientation}`,
};
const EVERYWHERE: readonly Rule[] = [
  { what: 'with a palette, looked up', of: ({ palette }) => palette },
  { what: 'in greyscale, repeated to RGB', of: ({ colours }) => colours === 'grey' },
];

/** What Pillow's `convert('RGB')` does to pictures (pillow-picture.ts). */
export const PILLOW_RULES: readonly Rule[] = [
  { what: 'with a colour profile, ignored', ...PROFILE },
  { what: 'with an EXIF orientation, ignored', ...TURNED },
  { what: 'with an alpha channel, dropped', of: ({ alpha }) => alpha !== null },
  { what: 'in CMYK, converted without a profile', of: ({ colours }) => colours === 'cmyk' },
  { what: 'of more than 8 bits, cut to 8', of: (facts) => facts.bits > 8 && !pillowSaturates(facts) },
  { what: 'in 16-bit greyscale, every value above 255 taken for 255', of: pillowSaturates },
  ...EVERYWHERE,
];

/** What a folder of pictures goes through as a data set of pictures of one size. */
export function datasetRules(target: PictureSize): readonly Rule[] {
  const size = `${target.width}x${target.height}`;
  const smaller = (facts: PictureFacts) => {
    const window = cropWindow(upright(facts), target);
    return window.width < target.width || window.height < target.height;
  };
  const larger = (facts: PictureFacts) => {
    const window = cropWindow(upright(facts), target);
    return window.width > target.width || window.height > target.height;
  };
  const detail = (facts: PictureFacts) => `${upright(facts).width}x${upright(facts).height}`;
  return [
    { what: 'with a colour profile, converted to sRGB', ...PROFILE },
    { what: 'with an EXIF orientation, turned upright', ...TURNED },
    { what: 'with an alpha channel, laid on white', of: ({ alpha }) => alpha !== null },
    { what: 'in CMYK, converted to sRGB', of: ({ colours }) => colours === 'cmyk' },
    { what: 'of more than 8 bits, cut to 8', of: ({ bits }) => bits > 8 },
    ...EVERYWHERE,
    {
      what: 'of another aspect, cropped around the centre',
      of: (facts) => {
        const picture = upright(facts);
        const window = cropWindow(picture, target);
        return window.width !== picture.width || window.height !== picture.height;
      },
      detail,
    },
    { what: `reduced to ${size}`, of: larger, detail },
    { what: `enlarged to ${size}`, of: smaller, detail },
  ];
}

/** A picture's size once it is turned: orientations from 5 on lie on their side. */
function upright({ width, height, orientation }: PictureFacts): PictureSize {
  return orientation < 5 ? { width, height } : { width: height, height: width };
}
