import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type Device, openDevice } from '../../../harness/engine/device.ts';
import {
  measureTextPixelPrior,
  type TextPixelMeasurement,
} from '../../../harness/training/card/text-pixel-measure.ts';
import { doubled, paintStream } from '../../../harness/training/card/text-pixel-pictures.ts';
import { writeTextPixelCard } from '../../../harness/training/card/write.ts';
import { writeTinyTextPixel } from '../../support/tiny-text-pixel.ts';

const sizes = { count: 40, steps: 1, heldOut: 2 };
let folder: string;
let measured: TextPixelMeasurement;

beforeAll(async () => {
  const device: Device = await openDevice('cpu:1');
  folder = writeTinyTextPixel({ noisedClip: false });
  measured = await measureTextPixelPrior(device, folder, { seed: 1, sizes }, () => {});
}, 120_000);

it('shows each pixel four times', () => {
  expect([...doubled(Float32Array.of(1, 2, 3, 4), 2)]).toEqual([
    1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4,
  ]);
  const faces = paintStream(2, 2, 32);
  expect(doubled(faces, 32)[3 * 64 * 64 + 64 * 63 + 63]).toBe(faces[3 * 32 * 32 + 32 * 31 + 31]);
});

it('sees in real pictures what their captions say, in those of an untrained model what chance gives', () => {
  const [real, ...samples] = measured.card.rows;
  expect(measured.card.rows.map(({ guidance }) => guidance)).toEqual([null, 1, 2, 4]);
  expect(real!.agreement.mean).toBeGreaterThan(0.75);
  expect(real!.agreement.mean - real!.another.mean).toBeGreaterThan(0.3);
  for (const { agreement, another, frechet } of samples) {
    expect(agreement.mean).toBeLessThan(0.5);
    expect(Math.abs(agreement.mean - another.mean)).toBeLessThan(0.15);
    expect(frechet.value).toBeGreaterThan(real!.frechet.value);
  }
});

it('writes a card whose tables are whole and whose pictures lie beside it', async () => {
  mkdirSync(join(folder, 'training'));
  writeFileSync(join(folder, 'training/text-pixel.jsonl'), '{"step":20,"loss":0.5,"seconds":90}\n');
  const versions = { Node: '20' };
  const made = { date: '2026-11-28', seconds: 1, cpu: 'x', cores: 1, device: 'cpu:1', versions, git: null };
  await writeTextPixelCard(folder, measured, made);
  const card = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(card).toMatch(/^# A toy text-conditioned pixel prior of toyfaces\n/);
  for (const [, name] of card.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g))
    expect(existsSync(join(folder, name!)), name).toBe(true);
  const tables = card.split('\n\n').filter((part) => part.startsWith('|'));
  expect(tables).toHaveLength(4);
  for (const table of tables) {
    const widths = table.split('\n').map((row) => row.split(' | ').length);
    expect(new Set(widths).size, table).toBe(1);
  }
  expect(card).toContain('the share of a caption');
  expect(card).not.toMatch(/NaN|undefined/);
});
