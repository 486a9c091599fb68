import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCaptions } from '../../harness/evaluate/captions.ts';
import { evaluate } from '../../harness/evaluate/evaluate.ts';
import { fingerprint } from '../../harness/identity/fingerprint.ts';
import type { CaptionMetric } from '../../harness/metrics/network-metric.ts';
import { OpenMetrics } from '../../harness/scoring/open-metrics.ts';
import { referTo, STORED_PICTURES } from '../../harness/scoring/protocol.ts';
import { temporaryFolder } from '../store/example.ts';
import { picture, twoFolders } from './pictures.ts';

function captionsFile(...lines: readonly string[]): string {
  const path = join(temporaryFolder(), 'captions.jsonl');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

/** As `tweedie dataset` writes it. */
const line = (name: string, caption: string) =>
  JSON.stringify({ id: `test/${name}`, file: `test/${name}.png`, caption, sha256: 'abc' });

/** The caption's length in tenths of the picture's first byte. */
const lengthMetric: CaptionMetric = {
  name: 'length',
  version: 1,
  of: 'picture',
  against: 'caption',
  level: 'image',
  by: 'network',
  better: 'higher',
  digits: 1,
  weights: [],
  protocol: () => ({ counts: 'letters' }),
  open: async () => ({
    scores: async (restored, captions) =>
      restored.map(({ data }, i) => (captions[i]!.length * 10) / data[0]!),
    dispose: () => {},
  }),
};

async function run(captions?: string) {
  const folders = twoFolders();
  for (const [name, level] of [
    ['a', 20],
    ['b', 50],
  ] as const) {
    const flat = picture({ paint: () => level }).png();
    for (const side of [folders.generated, folders.reference]) await flat.toFile(join(side, `${name}.png`));
  }
  return evaluate({
    generated: folders.generated,
    reference: folders.reference,
    metrics: [lengthMetric],
    paired: true,
    batch: 1,
    resultsDir: folders.results,
    open: new OpenMetrics(() => Promise.resolve({} as never)),
    ...(captions === undefined ? {} : { captions: readCaptions(captions) }),
    onProgress: () => {},
  });
}

describe('a metric of captions', () => {
  it('gets those of the file by the names of the pictures', async () => {
    const { pairs } = await run(captionsFile(line('b', 'fifteen letters'), '', line('a', 'four')));
    expect(pairs).toMatchObject([
      { name: 'a', values: { length: 2 } },
      { name: 'b', values: { length: 3 } },
    ]);
  });

  it("has a run's protocol; the hash of the captions' file stands beside the numbers", async () => {
    const withB = (b: string) => run(captionsFile(line('a', 'four'), line('b', b)));
    const [one, same, other] = [await withB('x'), await withB('x'), await withB('y')];
    const inRun = fingerprint(referTo(lengthMetric, STORED_PICTURES));
    for (const { metrics } of [one, other]) expect(metrics[0]!.fingerprint).toBe(inRun);
    expect(one.captions).toMatch(/^sha256 /);
    expect(same.captions).toBe(one.captions);
    expect(other.captions).not.toBe(one.captions);
  });

  it('needs them', async () => {
    await expect(run()).rejects.toThrow(
      /^length compares pictures with their captions; the folder .*generated has none: it needs --captions FILE$/,
    );
  });

  it('needs one for each picture', async () => {
    await expect(run(captionsFile(line('a', 'four')))).rejects.toThrow(
      /captions\.jsonl: there is no caption of "b"; the nearest name is "a"/,
    );
  });
});

describe('captions.jsonl', () => {
  it.each([
    [[line('a', 'x'), '{'], /captions\.jsonl, line 2: is not JSON/],
    [[line('a', 'x'), '{"file":"b.png"}'], /captions\.jsonl, line 2: caption: found nothing/],
    [[line('a', 'x'), line('a', 'y')], /captions\.jsonl, line 2: a second caption of "a"; expected one/],
    [[line('a', ' ')], /captions\.jsonl, line 1: caption: found " "; expected a caption that says something/],
    [[''], /captions\.jsonl: holds no caption/],
  ])('%j is refused with the line', (lines, message) => {
    expect(() => readCaptions(captionsFile(...lines))).toThrow(message);
  });
});
