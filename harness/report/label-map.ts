import { inColours } from '../pictures/palette.ts';
import { sharp } from '../pictures/sharp.ts';
import { type GalleryModel, isShown } from './gallery-model.ts';

/** The gallery with each label map, a PNG of one band, in the colours of its classes. */
export async function withLabelColours(model: GalleryModel): Promise<GalleryModel> {
  const rows = model.rows.map(async ({ item, pictures }) => ({
    item,
    pictures: await Promise.all(
      pictures.map(async (one) => (isShown(one) ? { ...one, png: await toShow(one.png) } : one)),
    ),
  }));
  return { ...model, rows: await Promise.all(rows) };
}

async function toShow(png: Buffer): Promise<Buffer> {
  const stored = sharp(png);
  if ((await stored.metadata()).channels !== 1) return png;
  const { data, info } = await stored.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const { width, height, data: colours } = inColours({ ...info, data });
  return sharp(colours, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
