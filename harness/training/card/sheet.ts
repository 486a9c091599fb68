import { contactSheet } from '../../pictures/contact-sheet.ts';
import type { Image8 } from '../../pictures/image8.ts';

/** Pictures side by side, twice their size. */
export function sheet(images: readonly Image8[], columns: number): Image8 {
  return contactSheet(images, { columns, zoom: 2, gap: 4 });
}
