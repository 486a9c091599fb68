import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '../../harness/data/folder.ts';
import { pinnedTo } from '../../harness/data/pinned.ts';
import { writePng } from '../../harness/pictures/picture-file.ts';
import type { DataSelection } from '../../harness/plan/data-selection.ts';
import { selectIds } from '../../harness/plan/pictures.ts';

describe('of a manifest of three pictures, of which the folder has the first two,', () => {
  let folder: string;
  let manifest: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tweedie-pictures-'));
    for (const name of ['a.png', 'b.png'])
      await writePng(join(folder, name), { height: 4, width: 4, channels: 3, data: new Uint8Array(48) });
    manifest = join(mkdtempSync(join(tmpdir(), 'tweedie-manifest-')), 'manifest.json');
    writeFileSync(manifest, JSON.stringify({ splits: { test: { ids: ['a.png', 'b.png', 'c.png'] } } }));
  });
  const chosen = (which: Partial<DataSelection>) =>
    selectIds({
      ref: { kind: 'folder', name: 'pictures', folder },
      dataset: pinnedTo(manifest, openFolder(folder)),
      split: 'test',
      where: { file: 'e.yaml', line: 3, column: 9 },
      selectionWhere: { file: 'e.yaml', line: 3, column: 31 },
      ...which,
    });

  it.each([
    [{ count: 2 }, ['a.png', 'b.png']],
    [{ items: ['b.png'] }, ['b.png']],
  ])('%o can be had', async (which, ids) => expect(await chosen(which)).toEqual(ids));

  it.each([[{}], [{ count: 3 }], [{ items: ['a.png', 'c.png'] }]])('%o cannot', async (which) => {
    await expect(chosen(which)).rejects.toMatchObject({
      message: expect.stringMatching(
        /e\.yaml:3:9: .*1 of the [23] pictures asked for are missing .*: c\.png$/,
      ),
    });
  });
});
