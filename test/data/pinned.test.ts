import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '../../harness/data/folder.ts';
import { manifestOf } from '../../harness/data/manifest.ts';
import { pinnedTo } from '../../harness/data/pinned.ts';
import { UserError } from '../../harness/errors.ts';
import { writePng } from '../../harness/pictures/picture-file.ts';

const size = { height: 4, width: 4 };
const gray = (value: number) => ({ ...size, channels: 3 as const, data: new Uint8Array(48).fill(value) });

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tweedie-pinned-'));
  for (const [i, name] of ['a.png', 'b.png', 'c.png'].entries())
    await writePng(join(folder, name), gray(50 * i));
});
const manifest = (content: object) => {
  const path = join(mkdtempSync(join(tmpdir(), 'tweedie-manifest-')), 'manifest.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const pinned = (content: object) => pinnedTo(manifest(content), openFolder(folder));

describe('a folder with a manifest', () => {
  it('is the pictures that the manifest lists, in its order', async () => {
    const set = pinned({ splits: { test: { ids: ['c.png', 'a.png'] } } });
    expect(await set.ids('test')).toEqual(['c.png', 'a.png']);
    expect((await set.item('c.png', size)).image[0]).toBeCloseTo((2 * 100) / 255 - 1, 6);
  });

  it('must hold those that are asked for', async () => {
    const path = manifest({ splits: { test: { ids: ['a.png', ...'defg'] } } });
    const set = pinnedTo(path, openFolder(folder));
    const ids = await set.ids('test');
    await expect(set.requirePictures!(ids)).rejects.toThrow(UserError);
    await expect(set.requirePictures!(ids)).rejects.toThrow(
      `the pictures in ${folder}: 4 of the 5 pictures asked for are missing (${path} lists them): d, e, f, ...`,
    );
    await expect(set.requirePictures!(ids.slice(0, 1))).resolves.toBeUndefined();
  });

  it('that `tweedie dataset --manifest` made must hold the same pixels, at the size they were hashed at', async () => {
    const made = await manifestOf(openFolder(folder), size);
    expect((await pinned(made).item('b.png', size)).id).toBe('b.png');
    const pictures = { ...made.splits.test!.pictures, 'b.png': 'ab'.repeat(32) };
    const other = pinned({ ...made, splits: { test: { pictures } } });
    await expect(other.item('b.png', size)).rejects.toThrow(
      /"b.png" has pixels with sha256 [0-9a-f]{64}; .* lists abab/,
    );
    expect((await other.item('b.png', { height: 2, width: 2 })).id).toBe('b.png');
  });

  it('that lists nothing is refused', () => {
    expect(() => pinned({ splits: { test: { ids: [] } } })).toThrow(/manifest.json: splits.test/);
    expect(() => pinned({ splits: {} })).toThrow(UserError);
  });
});

describe.each(['ffhq512', 'imagenet512'])('datasets/%s/manifest.json', (name) => {
  it('lists 1,000 different pictures', async () => {
    const path = new URL(`../../datasets/${name}/manifest.json`, import.meta.url).pathname;
    const everything = { name, ids: async () => [], item: () => Promise.reject(new Error('none')) };
    const set = pinnedTo(path, everything);
    await expect(set.requirePictures!(await set.ids('test'))).rejects.toThrow('1000 of the 1000');
  });
});
