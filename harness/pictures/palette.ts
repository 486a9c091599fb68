import type { Image8 } from './image8.ts';

/** One colour a class, distinct also in print and for the colour-blind where that goes; further classes begin anew. */
const COLOURS: readonly (readonly [number, number, number])[] = [
  [222, 226, 230],
  [240, 178, 132],
  [90, 62, 43],
  [230, 159, 0],
  [0, 114, 178],
  [204, 51, 63],
  [128, 85, 128],
  [0, 158, 115],
  [20, 20, 30],
  [86, 180, 233],
  [240, 228, 66],
  [213, 94, 0],
];

/** A label map as a picture to look at: each class in its colour. */
export function inColours({ width, height, data }: Omit<Image8, 'channels'>): Image8 {
  const colours = new Uint8Array(3 * data.length);
  for (const [i, label] of data.entries()) colours.set(COLOURS[label % COLOURS.length]!, 3 * i);
  return { width, height, channels: 3, data: colours };
}
