import type { Image8 } from './image8.ts';

export interface SheetLayout {
  readonly columns: number;
  /** Each pixel becomes a square of this side, so that small pictures are shown as they are. */
  readonly zoom: number;
  /** White space between and around the pictures, in pixels of the sheet. */
  readonly gap: number;
}

/** All pictures (RGB, of one size) in rows on a white sheet. Throws RangeError if their sizes differ or there is none. */
export function contactSheet(pictures: readonly Image8[], { columns, zoom, gap }: SheetLayout): Image8 {
  const first = pictures[0];
  if (!first || pictures.some((p) => p.width !== first.width || p.height !== first.height)) {
    throw new RangeError('a contact sheet needs at least one picture, and all of one size');
  }
  const across = Math.min(columns, pictures.length);
  const down = Math.ceil(pictures.length / across);
  const cell = { width: first.width * zoom + gap, height: first.height * zoom + gap };
  const width = across * cell.width + gap;
  const height = down * cell.height + gap;
  const data = new Uint8Array(width * height * 3).fill(255);
  for (const [n, picture] of pictures.entries()) {
    const left = gap + (n % across) * cell.width;
    const top = gap + Math.floor(n / across) * cell.height;
    for (let y = 0; y < picture.height * zoom; y++) {
      for (let x = 0; x < picture.width * zoom; x++) {
        const from = (Math.floor(y / zoom) * picture.width + Math.floor(x / zoom)) * 3;
        data.set(picture.data.subarray(from, from + 3), ((top + y) * width + left + x) * 3);
      }
    }
  }
  return { width, height, channels: 3, data };
}
