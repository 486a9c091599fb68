import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { drawLossCurve } from '../../../harness/training/card/loss-chart.ts';
import { readLossLogs, secondsOf } from '../../../harness/training/card/loss-log.ts';

const at = (step: number, seconds: number) => ({ step, loss: 1 / step, seconds });

function folderWith(logs: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-logs-'));
  mkdirSync(join(folder, 'training'));
  for (const [name, text] of Object.entries(logs)) writeFileSync(join(folder, 'training', name), text);
  return folder;
}

it('adds the running times of all parts of a resumed run', () => {
  expect(secondsOf([at(20, 5), at(40, 9)])).toBe(9);
  expect(secondsOf([at(20, 5), at(40, 9), at(60, 2), at(80, 6), at(100, 1)])).toBe(9 + 6 + 1);
});

it('reads logs by name, and none where nothing was trained', () => {
  const lines = [at(20, 1), at(40, 2)];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  expect(readLossLogs(folderWith({ 'b.jsonl': text, 'a.jsonl': text, 'notes.txt': 'x' }))).toEqual([
    { name: 'a', lines },
    { name: 'b', lines },
  ]);
  expect(readLossLogs(mkdtempSync(join(tmpdir(), 'tweedie-logs-')))).toEqual([]);
});

it('says where a log is damaged', () => {
  const good = JSON.stringify(at(20, 1));
  expect(() => readLossLogs(folderWith({ 'a.jsonl': `${good}\n{"step": 40\n` }))).toThrow(
    /training\/a\.jsonl:2:1: expected \{ "step"/,
  );
  expect(() => readLossLogs(folderWith({ 'a.jsonl': '' }))).toThrow(/a\.jsonl: the log is empty/);
});

it('draws a loss curve as a PNG of twice its size in pixels', () => {
  const png = drawLossCurve([at(20, 1), at(40, 2), at(60, 3)]);
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([840, 480]);
});
