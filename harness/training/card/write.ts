import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writePng } from '../../data/picture-file.ts';
import type { Card, Making } from './card.ts';
import { trainingFacts } from './facts.ts';
import { drawLossCurve } from './loss-chart.ts';
import { readLossLogs } from './loss-log.ts';
import { PICTURES, renderCard } from './markdown.ts';
import type { Measurement } from './measure.ts';

/** Writes README.md and its pictures into a prior's folder, with the training logs that lie there. Returns the card. */
export async function writeCard(
  folder: string,
  { card, strip, grid }: Measurement,
  made: Making,
): Promise<Card> {
  const training = readLossLogs(folder).map((log) => {
    const chart = `loss-${log.name}.png`;
    writeWhole(join(folder, chart), drawLossCurve(log.lines));
    return trainingFacts(log, chart);
  });
  await writePng(join(folder, PICTURES.strip), strip);
  await writePng(join(folder, PICTURES.grid), grid);
  const whole = { ...card, training, made };
  writeWhole(join(folder, 'README.md'), renderCard(whole));
  return whole;
}

function writeWhole(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}
