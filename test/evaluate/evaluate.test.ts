import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { type Evaluation, evaluate } from '../../harness/evaluate/evaluate.ts';
import { fingerprint } from '../../harness/identity/fingerprint.ts';
import type { AnyMetric } from '../../harness/metrics/kinds.ts';
import { psnrMetric } from '../../harness/metrics/psnr.ts';
import type { FeatureSet, SetMetric } from '../../harness/metrics/set-metric.ts';
import { ssimMetric } from '../../harness/metrics/ssim.ts';
import type { Image8 } from '../../harness/pictures/image8.ts';
import { OpenMetrics } from '../../harness/scoring/open-metrics.ts';
import { referTo, STORED_PICTURES } from '../../harness/scoring/protocol.ts';
import { temporaryFolder } from '../store/example.ts';
import { picture, twoFolders } from './pictures.ts';

type Folders = ReturnType<typeof twoFolders>;

function run(
  { generated, reference, results }: Folders,
  metrics: readonly AnyMetric[] = [psnrMetric],
  paired = true,
): Promise<Evaluation> {
  return evaluate({
    generated,
    reference,
    metrics,
    paired,
    batch: 3,
    resultsDir: results,
    open: new OpenMetrics(() => Promise.resolve({} as never)),
    onProgress: () => {},
  });
}

/** The same picture on both sides under each name. */
async function samePictures(names: readonly string[]): Promise<Folders> {
  const folders = twoFolders();
  for (const name of names) {
    await picture()
      .png()
      .toFile(join(folders.generated, `${name}.png`));
    await picture()
      .png()
      .toFile(join(folders.reference, `${name}.png`));
  }
  return folders;
}

async function complaint(running: Promise<unknown>): Promise<string> {
  const error = await running.then(
    () => expect.fail('the mistake was accepted'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

describe('numbers', () => {
  // test/fixtures/evaluate/make.py: pictures and values of scikit-image 0.19.3.
  const folder = fileURLToPath(new URL('../fixtures/evaluate', import.meta.url));
  const expected = JSON.parse(readFileSync(join(folder, 'scikit-image.json'), 'utf8'));
  const fixture = () => ({
    generated: join(folder, 'generated'),
    reference: join(folder, 'reference'),
    results: temporaryFolder(),
  });

  it("PSNR and SSIM of each pair are scikit-image's", async () => {
    const { pairs } = await run(fixture(), [psnrMetric, ssimMetric]);
    expect(pairs.map(({ name }) => name)).toEqual(Object.keys(expected));
    for (const { name, values } of pairs) {
      expect(values.psnr).toBeCloseTo(expected[name].psnr, 10);
      expect(values.ssim).toBeCloseTo(expected[name].ssim, 10);
    }
  });

  it('the folder has their mean, its standard error, N and the whole protocol', async () => {
    const { metrics } = await run(fixture());
    const values = Object.values<{ psnr: number }>(expected).map(({ psnr }) => psnr);
    const mean = values.reduce((a, b) => a + b) / 4;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 3);
    expect(metrics).toMatchObject([{ name: 'psnr', level: 'image', pictures: 4 }]);
    expect(metrics[0]!.value).toBeCloseTo(mean, 10);
    expect(metrics[0]!.standardError).toBeCloseTo(deviation / 2, 10);
    expect(metrics[0]!.protocol).toEqual({ ...psnrMetric.protocol, files: 'png, 8-bit RGB' });
  });

  it("of single pictures have a run's protocol, however many pictures there are", async () => {
    const inRun = fingerprint(referTo(psnrMetric, STORED_PICTURES));
    for (const names of [['a'], ['a', 'b', 'c']])
      expect((await run(await samePictures(names))).metrics[0]!.fingerprint).toBe(inRun);
  });

  it('the reference set stands beside them', async () => {
    const one = await samePictures(['a', 'b']);
    const { referenceSet } = await run(one);
    expect(referenceSet).toMatch(/^sha256 [0-9a-f]{16}$/);
    await picture().blur(2).png().toFile(join(one.reference, 'a.png'));
    expect((await run(one)).referenceSet).not.toBe(referenceSet);
  });

  it('another file format is another fingerprint, and named', async () => {
    const other = await samePictures(['a']);
    const first = (await run(other)).metrics[0]!;
    await picture().jpeg().toFile(join(other.generated, 'b.jpg'));
    await picture().png().toFile(join(other.reference, 'b.png'));
    const { metrics } = await run(other);
    expect(metrics[0]!.fingerprint).not.toBe(first.fingerprint);
    expect(metrics[0]!.protocol).toMatchObject({
      files: 'generated jpeg and png, reference png, as 8-bit RGB',
    });
  });

  it('one picture has a value and no standard error', async () => {
    const folders = await samePictures(['only']);
    await picture().blur(2).png().toFile(join(folders.generated, 'only.png'));
    const { metrics } = await run(folders);
    expect(metrics[0]).toMatchObject({ pictures: 1, standardError: null });
    expect(metrics[0]!.value).toBeGreaterThan(0);
  });

  it('equal pictures have an infinite PSNR and no standard error', async () => {
    const { metrics } = await run(await samePictures(['a', 'b']));
    expect(metrics[0]).toMatchObject({ value: Number.POSITIVE_INFINITY, standardError: null, infinite: 2 });
  });

  it('an infinite value among others is left out of the mean, counted and said', async () => {
    const folders = await samePictures(['a', 'b', 'c']);
    for (const name of ['b', 'c'])
      await picture({ paint: () => (name === 'b' ? 90 : 120) })
        .png()
        .toFile(join(folders.generated, `${name}.png`));
    const { metrics, pairs, warnings } = await run(folders);
    const [b, c] = [pairs[1]!.values.psnr!, pairs[2]!.values.psnr!];
    expect(metrics).toMatchObject([{ value: (b + c) / 2, pictures: 3, infinite: 1 }]);
    expect(metrics[0]!.standardError).toBeCloseTo(Math.abs(b - c) / 2, 12);
    expect(warnings).toEqual(['psnr: mean over 2 finite of 3; 1 infinite (equal pictures): a for one']);
  });
});

describe('pairs', () => {
  it('are made by name, whatever the extension', async () => {
    const folders = twoFolders();
    await picture().png().toFile(join(folders.generated, 'a.png'));
    await picture().webp({ lossless: true }).toFile(join(folders.reference, 'a.webp'));
    const { pairs } = await run(folders);
    expect(pairs).toMatchObject([{ name: 'a', generated: 'a.png', reference: 'a.webp' }]);
  });

  it('a missing truth is named with the nearest name', async () => {
    const folders = await samePictures(['face-1']);
    await picture().png().toFile(join(folders.generated, 'face-2.png'));
    expect(await complaint(run(folders))).toBe(
      `${folders.reference} lacks 1 of 2 pictures: "face-2"; the name nearest to "face-2" is "face-1"`,
    );
  });

  it('so is a missing generated picture: a mean over a part would pass for the whole', async () => {
    const folders = await samePictures(['a']);
    for (const name of ['b', 'c', 'd', 'e'])
      await picture()
        .png()
        .toFile(join(folders.reference, `${name}.png`));
    expect(await complaint(run(folders))).toBe(
      `${folders.generated} lacks 4 of 5 pictures: "b", "c", "d" and 1 more; the name nearest to "b" is "a"`,
    );
  });

  it('a name that stands twice is named with both files', async () => {
    const folders = await samePictures(['a']);
    await picture().jpeg().toFile(join(folders.generated, 'a.jpg'));
    expect(await complaint(run(folders))).toBe(
      `${folders.generated}: two pictures are named "a" (a.jpg, a.png); expected one`,
    );
  });

  it('of different sizes are named with their sizes', async () => {
    const folders = await samePictures(['a']);
    await picture({ width: 20 }).png().toFile(join(folders.generated, 'a.png'));
    expect(await complaint(run(folders))).toBe(
      `${folders.generated}/a.png is 20x16, its truth ${folders.reference}/a.png 16x16: expected equal sizes`,
    );
  });

  it('too small for a metric are named with what it needs', async () => {
    const folders = twoFolders();
    for (const side of [folders.generated, folders.reference])
      await picture({ width: 5, height: 64 }).png().toFile(join(side, 'a.png'));
    expect(await complaint(run(folders, [psnrMetric, ssimMetric]))).toBe(
      `ssim of ${folders.generated}/a.png and its truth ${folders.reference}/a.png: ` +
        '5x64 is too small for its window of 11x11; expected sides of 11 pixels and more',
    );
  });

  it('of sizes that differ because one was turned', async () => {
    const folders = twoFolders();
    await picture({ width: 8 }).png().toFile(join(folders.generated, 'a.png'));
    await picture({ width: 16, height: 8 })
      .withMetadata({ orientation: 6 })
      .png()
      .toFile(join(folders.reference, 'a.png'));
    expect(await complaint(run(folders))).toBe(
      `${folders.generated}/a.png is 8x16, its truth ${folders.reference}/a.png 16x8: expected equal sizes; ` +
        `the EXIF orientation of ${folders.reference}/a.png (6) is not followed`,
    );
  });

  it('metrics of single pictures need them', async () => {
    expect(await complaint(run(await samePictures(['a']), [psnrMetric], false))).toBe(
      'psnr compares each picture with its own truth: it needs --pair name',
    );
  });
});

describe('files that cannot be used', () => {
  it('a corrupt PNG is named', async () => {
    const folders = await samePictures(['a', 'b']);
    truncateSync(join(folders.generated, 'b.png'), 60);
    expect(await complaint(run(folders))).toContain(`${folders.generated}/b.png: not a readable picture`);
    writeFileSync(join(folders.generated, 'b.png'), 'no picture at all');
    expect(await complaint(run(folders))).toContain(`${folders.generated}/b.png: not a readable picture`);
  });

  it('an empty folder and a missing one are named', async () => {
    const folders = twoFolders();
    expect(await complaint(run(folders))).toContain(`the folder ${folders.generated} holds no picture`);
    expect(await complaint(run({ ...folders, generated: '/nowhere' }))).toContain('/nowhere');
  });
});

describe('pictures that can be used, with a warning', () => {
  async function warningsWith(
    write: (folders: Folders) => Promise<unknown>,
    names: readonly string[] = ['a', 'b'],
  ): Promise<readonly string[]> {
    const folders = await samePictures(names);
    await write(folders);
    return (await run(folders)).warnings;
  }

  it('none for pictures of one kind', async () => {
    expect(await warningsWith(async () => {})).toEqual([]);
  });

  it('JPEG on one side', async () => {
    const folders = twoFolders();
    await picture().jpeg().toFile(join(folders.generated, 'a.jpg'));
    await picture().png().toFile(join(folders.reference, 'a.png'));
    expect((await run(folders)).warnings).toEqual([
      '1 generated pictures are JPEG and none of the other side: compression alone moves FID by much',
    ]);
  });

  it('an alpha channel, which is dropped', async () => {
    const clear = picture({ channels: 4, paint: (_x, _y, c) => (c === 3 ? 0 : 100) }).png();
    const folders = twoFolders();
    await clear.toFile(join(folders.generated, 'a.png'));
    await picture({ paint: () => 100 })
      .png()
      .toFile(join(folders.reference, 'a.png'));
    const { pairs, metrics, warnings } = await run(folders);
    expect(pairs[0]!.values.psnr).toBe(Number.POSITIVE_INFINITY);
    expect(warnings).toEqual(['1 of 1 generated pictures with an alpha channel, dropped: a.png for one']);
    expect(metrics[0]!.protocol).toMatchObject({ generatedPictures: 'with an alpha channel, dropped' });
  });

  it('a colour profile, which is ignored; its number has another fingerprint', async () => {
    // Equal values, with and without a profile (test/fixtures/pillow/make.py).
    const kinds = fileURLToPath(new URL('../fixtures/pillow', import.meta.url));
    const evaluated = async (generated: string) => {
      const folders = twoFolders();
      copyFileSync(join(kinds, generated), join(folders.generated, 'a.png'));
      copyFileSync(join(kinds, 'rgb.png'), join(folders.reference, 'a.png'));
      return run(folders);
    };
    const [plain, tagged] = [await evaluated('rgb.png'), await evaluated('profile.png')];
    expect(plain.warnings).toEqual([]);
    expect(tagged.warnings).toEqual([
      '1 of 1 generated pictures with a colour profile, ignored: a.png (P3-like) for one',
    ]);
    expect(tagged.pairs).toEqual(plain.pairs);
    expect(tagged.metrics[0]!.fingerprint).not.toBe(plain.metrics[0]!.fingerprint);
  });

  it('an EXIF orientation, which is not followed', async () => {
    const folders = twoFolders();
    await picture().png().toFile(join(folders.generated, 'a.png'));
    await picture().withMetadata({ orientation: 6 }).png().toFile(join(folders.reference, 'a.png'));
    const { pairs, warnings } = await run(folders);
    expect(pairs[0]!.values.psnr).toBe(Number.POSITIVE_INFINITY);
    expect(warnings).toContain(
      '1 of 1 reference pictures with an EXIF orientation, ignored: a.png (orientation 6) for one',
    );
  });

  it('16 bits, which are cut to 8', async () => {
    const warnings = await warningsWith(({ generated }) =>
      picture().toColourspace('rgb16').png().toFile(join(generated, 'a.png')),
    );
    expect(warnings).toEqual(['1 of 2 generated pictures of more than 8 bits, cut to 8: a.png for one']);
  });

  it('greyscale, which is repeated', async () => {
    const folders = twoFolders();
    const grey = (x: number, y: number) => 40 + ((9 * x + 4 * y) % 150);
    await picture({ paint: grey, channels: 1 })
      .toColourspace('b-w')
      .png()
      .toFile(join(folders.generated, 'a.png'));
    await picture({ paint: grey }).png().toFile(join(folders.reference, 'a.png'));
    const { pairs, warnings } = await run(folders);
    expect(pairs[0]!.values.psnr).toBe(Number.POSITIVE_INFINITY);
    expect(warnings).toEqual(['1 of 1 generated pictures in greyscale, repeated to RGB: a.png for one']);
  });

  it('CMYK, which is converted', async () => {
    const folders = twoFolders();
    await picture().toColourspace('cmyk').jpeg().toFile(join(folders.generated, 'a.jpg'));
    await picture().jpeg().toFile(join(folders.reference, 'a.jpg'));
    const { metrics, warnings } = await run(folders);
    expect(metrics[0]!.value).toBeGreaterThan(10);
    expect(warnings).toEqual([
      '1 of 1 generated pictures in CMYK, converted without a profile: a.jpg for one',
    ]);
  });

  it('scaled picture by picture to the whole range', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const stretched = (name: string) =>
      picture({ paint: (x, y) => 17 * ((x + y + names.indexOf(name)) % 16) });
    const warnings = await warningsWith(async ({ generated }) => {
      for (const name of names)
        await stretched(name)
          .png()
          .toFile(join(generated, `${name}.png`));
    }, names);
    expect(warnings).toEqual([
      expect.stringContaining('nearly every generated picture reaches both 0 and 255'),
    ]);
  });
});

describe('metrics of sets', () => {
  /** Mean colour as features; the number is the distance of the sets' mean features. */
  function meanColour(): { metric: SetMetric; asked: number[] } {
    const asked: number[] = [];
    const colour = (image: Image8): number[] => [0, 1, 2].map((c) => image.data[c]!);
    const means = ({ read, dimensions, images }: FeatureSet) =>
      Array.from({ length: dimensions }, (_, d) => {
        const data = read([...images.keys()]);
        let sum = 0;
        for (let i = 0; i < images.length; i++) sum += data[i * dimensions + d]!;
        return sum / images.length;
      });
    const metric: SetMetric = {
      name: 'colours',
      version: 1,
      of: 'picture',
      against: 'reference-set',
      level: 'set',
      by: 'network',
      better: 'lower',
      digits: 2,
      protocol: { distance: 'Manhattan' },
      extractor: {
        name: 'first-pixel',
        dimensions: 3,
        weights: [],
        protocol: () => ({ pixel: 'first' }),
        open: async () => ({
          async features(images) {
            asked.push(images.length);
            return Float32Array.from(images.flatMap(colour));
          },
          dispose: () => {},
        }),
      },
      async score({ generated, reference, paired }) {
        const [a, b] = [means(generated), means(reference)];
        const value = a.reduce((sum, v, d) => sum + Math.abs(v - b[d]!), 0);
        const ids = generated.images.join() + (paired ? '' : ', not paired');
        return { value, standardError: 0.5, replicates: [], warnings: [`colours of ${ids}`] };
      },
    };
    return { metric, asked };
  }

  async function colouredFolders(): Promise<Folders> {
    const folders = twoFolders();
    for (const [name, level] of [
      ['a', 10],
      ['b', 20],
    ] as const) {
      await picture({ paint: () => level })
        .png()
        .toFile(join(folders.generated, `${name}.png`));
    }
    await picture({ paint: () => 18 })
      .png()
      .toFile(join(folders.reference, 'z.png'));
    return folders;
  }

  it('have another fingerprint with another reference set', async () => {
    const { metric } = meanColour();
    const folders = await colouredFolders();
    const fingerprintOf = async () => (await run(folders, [metric], false)).metrics[0]!.fingerprint;
    const first = await fingerprintOf();
    await picture().blur(2).png().toFile(join(folders.generated, 'a.png'));
    expect(await fingerprintOf(), 'other generated pictures are what is measured').toBe(first);
    await picture().blur(2).png().toFile(join(folders.reference, 'z.png'));
    expect(await fingerprintOf()).not.toBe(first);
  });

  it('need no pairs, and say whether they had them', async () => {
    const { metric } = meanColour();
    const { metrics, pairs, warnings } = await run(await colouredFolders(), [metric], false);
    expect(metrics[0]).toMatchObject({ level: 'set', value: 9, standardError: 0.5, pictures: 2 });
    expect(metrics[0]!.protocol).toMatchObject({
      extractor: 'first-pixel',
      pixel: 'first',
      distance: 'Manhattan',
      generated: 2,
      references: 1,
      paired: false,
    });
    expect(pairs).toEqual([]);
    expect(warnings).toEqual(['colours of a,b, not paired']);
  });

  it('refuse a network that gives no number', async () => {
    const { metric } = meanColour();
    const open = async () => ({
      features: async (images: readonly Image8[]) =>
        Float32Array.from(images.flatMap((_, i) => [0, i === 1 ? Number.NaN : 1, 2])),
      dispose: () => {},
    });
    const folders = await colouredFolders();
    const broken = { ...metric, extractor: { ...metric.extractor, open } };
    expect(await complaint(run(folders, [broken], false))).toBe(
      `${folders.generated}/b.png: the network gave a feature of NaN; expected finite numbers (are its weights whole?)`,
    );
  });

  it('refuse a set without a number', async () => {
    const { metric } = meanColour();
    const score = async () => ({ value: Number.NaN, standardError: null, replicates: [], warnings: [] });
    expect(await complaint(run(await colouredFolders(), [{ ...metric, score }], false))).toBe(
      'colours: came out as NaN for 2 pictures against 1; expected a finite number',
    );
  });

  it('ask their network once for each picture, and never again for one they have seen', async () => {
    const folders = await colouredFolders();
    const first = meanColour();
    const before = await run(folders, [first.metric], false);
    expect(first.asked).toEqual([2, 1]);
    const again = meanColour();
    expect((await run(folders, [again.metric], false)).metrics).toEqual(before.metrics);
    expect(again.asked).toEqual([]);
  });
});
