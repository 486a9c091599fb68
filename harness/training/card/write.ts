import { join } from 'node:path';
import { type OutputKind, PNG_OUTPUT, requireReplaceable } from '../../output-file.ts';
import type { Image8 } from '../../pictures/image8.ts';
import { writePng } from '../../pictures/picture-file.ts';
import { writeFileAside } from '../../write-file.ts';
import type { Card, Making, TrainingFacts } from './card.ts';
import { trainingFacts } from './facts.ts';
import { drawLossCurve } from './loss-chart.ts';
import { readLossLogs } from './loss-log.ts';
import { PICTURES, renderCard } from './markdown.ts';
import type { Measurement } from './measure.ts';
import type { PixelCard } from './pixel-card.ts';
import { PIXEL_GRID, renderPixelCard } from './pixel-markdown.ts';
import type { PixelMeasurement } from './pixel-measure.ts';
import type { TextPixelCard } from './text-pixel-card.ts';
import { renderTextPixelCard } from './text-pixel-markdown.ts';
import type { TextPixelMeasurement } from './text-pixel-measure.ts';

const CARD: OutputKind = { name: 'a model card', begins: /^# .+\n\n\*Written by `npx tweedie card[` ]/ };

/**
 * Asks whether a prior's folder may take a card, before it is measured.
 * @throws UserError where a README or picture of someone else's would be replaced
 */
export function requireRoomForCard(folder: string): void {
  requireReplaceable(join(folder, 'README.md'), CARD);
  for (const name of Object.values(PICTURES)) requireReplaceable(join(folder, name), PNG_OUTPUT);
}

/** Writes README.md and its pictures into a prior's folder, with the training logs that lie there. Returns the card. */
export async function writeCard(
  folder: string,
  { card, strip, grid }: Measurement,
  made: Making,
): Promise<Card> {
  const training = await writePictures(folder, { [PICTURES.strip]: strip, [PICTURES.grid]: grid });
  const whole = { ...card, training, made };
  writeFileAside(join(folder, 'README.md'), renderCard(whole));
  return whole;
}

/** The same for a pixel prior. */
export async function writePixelCard(
  folder: string,
  { card, grid }: PixelMeasurement,
  made: Making,
): Promise<PixelCard> {
  const training = await writePictures(folder, { [PIXEL_GRID]: grid });
  const whole = { ...card, training, made };
  writeFileAside(join(folder, 'README.md'), renderPixelCard(whole));
  return whole;
}

/** The same for a text-conditioned pixel prior. */
export async function writeTextPixelCard(
  folder: string,
  { card, grid }: TextPixelMeasurement,
  made: Making,
): Promise<TextPixelCard> {
  const training = await writePictures(folder, { [PIXEL_GRID]: grid });
  const whole = { ...card, training, made };
  writeFileAside(join(folder, 'README.md'), renderTextPixelCard(whole));
  return whole;
}

/** Writes pictures by their names, and the curve of each training log, whose facts it returns. */
async function writePictures(
  folder: string,
  pictures: Readonly<Record<string, Image8>>,
): Promise<TrainingFacts[]> {
  for (const [name, picture] of Object.entries(pictures)) await writePng(join(folder, name), picture);
  return readLossLogs(folder).map((log) => {
    const chart = `loss-${log.name}.png`;
    writeFileAside(join(folder, chart), drawLossCurve(log.lines));
    return trainingFacts(log, chart);
  });
}
