/** Prompts that are each picture's own caption: what a plan asks of the data, and what it tells a worker. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import type { Dataset } from '../../harness/data/dataset.ts';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { openClipTokenizer } from '../../harness/networks/clip-tokenizer-files.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import type { Plan } from '../../harness/plan/plan.ts';
import type { PriorKind } from '../../harness/priors/prior-kind.ts';
import { folderWith } from '../config/fakes.ts';
import { writeTinyClipTokenizer } from '../support/tiny-clip-tokenizer.ts';

async function planned(
  solver: string,
  about: Partial<Dataset> = {},
  prior = registries.priors.get('embedded')!,
  task = 'super-resolution',
): Promise<Plan> {
  const text = `name: trial
prior: embedded
data: { set: toyfaces, count: 2 }
tasks: [${task}]
solvers: [${solver}]
`;
  const file = join(folderWith({ 'e.yaml': text }), 'e.yaml');
  const datasets = new Map([['toyfaces', { ...toyfaces, ...about } as Dataset]]);
  const priors = new Map([['embedded', prior]]);
  return loadPlan(file, { ...registries, datasets, priors }).catch((error: Error) => {
    throw new Error(`${error.name} ${error.message.replace(`${file}:`, '')}`);
  });
}

const OWN = 'ldps: { prompt: { from: caption } }';
const itemsOf = ({ batches }: Plan) => batches.map(({ method, items }) => ({ of: method.name, items }));
const keysOf = (plan: Plan) => itemsOf(plan).flatMap(({ items }) => items.map(({ cellKey }) => cellKey));

describe('a prompt from captions', () => {
  it('puts beside each picture its own, for the methods that ask for it alone', async () => {
    const told = itemsOf(await planned(`${OWN}, psld`)).map(({ of, items }) => [
      of,
      items.map(({ caption }) => caption),
    ]);
    const own = await Promise.all(['test/00000', 'test/00001'].map((id) => toyfaces.caption!(id)));
    expect(own[0]).not.toBe(own[1]);
    expect(told).toEqual([
      ['bicubic', [undefined, undefined]],
      ['ldps', own],
      ['psld', [undefined, undefined]],
    ]);
  });

  it('is part of the keys: a changed caption makes another cell of its picture, and of no other', async () => {
    const before = keysOf(await planned(OWN));
    const caption = async (id: string) => (id === 'test/00001' ? 'plain' : toyfaces.caption!(id));
    const after = keysOf(await planned(OWN, { caption }));
    expect(after.map((key, i) => key === before[i])).toEqual([true, true, true, false]);
    expect(keysOf(await planned('ldps', { caption }))).toEqual(keysOf(await planned('ldps')));
  });

  it('is one of a grid, beside texts', async () => {
    const { batches } = await planned("ldps: { prompt: ['', { from: caption }] }");
    expect(batches.slice(1).map(({ method }) => method.params.prompt)).toEqual(['', { from: 'caption' }]);
  });
});

it('what the prior does not read of captions is noted, once', async () => {
  const clip = openClipTokenizer(writeTinyClipTokenizer());
  const cut = 'cat cat cat cat cat cat the cat';
  const about = { caption: async (id: string) => (id === 'test/00001' ? cut : 'cat') };
  const twice = 'ldps: { steps: [2, 3], prompt: { from: caption } }';
  const embedded = registries.priors.get('embedded')!;
  const inspect: PriorKind['inspect'] = async (...of) => ({
    ...(await embedded.inspect(...of)),
    tokenizer: () => clip,
  });
  const { notes } = await planned(twice, about, { ...embedded, inspect });
  expect(notes).toEqual([
    'ldps.prompt: 1 of 2 captions are longer than the 8 tokens of the prior\'s texts; not read of test/00001: "the cat"',
  ]);
});

describe('a plan refuses', () => {
  it('captions of pictures that have none, with the place', async () => {
    await expect(
      planned(`ldps, psld: { prompt: { from: caption } }`, { caption: undefined }),
    ).rejects.toThrow(
      'UserError 5:33: psld.prompt is each picture\'s caption; the data set toyfaces has none: expected one text for all, as ""',
    );
  });

  it('captions with a word that the prior does not know', async () => {
    await expect(planned(OWN, { caption: async () => 'a portrit' })).rejects.toThrow(
      `UserError 5:27: ldps.prompt: caption of test/00000: prompt "a portrit": the prior does not know 'portrit'; `,
    );
  });

  it('another word in the place of caption, with what was meant', async () => {
    await expect(planned('ldps: { prompt: { from: captions } }')).rejects.toThrow(
      'UserError 5:35: ldps.prompt.from: unknown value "captions", did you mean "caption"?',
    );
  });

  it.each(['{ form: caption }', '3'])('%s for a prompt', async (prompt) => {
    await expect(planned(`ldps: { prompt: ${prompt} }`)).rejects.toThrow(
      'UserError 5:27: ldps.prompt: expected text or { from: caption }, found ',
    );
  });

  it('another key beside', async () => {
    await expect(planned('ldps: { prompt: { from: caption, of: test } }')).rejects.toThrow(
      'UserError 5:27: ldps.prompt: expected no key "of", found a mapping',
    );
  });
});

describe('a prompt that is the word "caption"', () => {
  const own = "each picture's own caption is { from: caption }";

  it('is noted, once', async () => {
    const embedded = registries.priors.get('embedded')!;
    const inspect: PriorKind['inspect'] = async (...of) => ({
      ...(await embedded.inspect(...of)),
      tokenizer: undefined,
    });
    const words =
      'ldps: { steps: [2, 3], prompt: [caption, cat, { from: caption }] }, p2l: { steps: 2, promptInit: caption }';
    expect((await planned(words, {}, { ...embedded, inspect })).notes).toEqual([
      `ldps.prompt is the word "caption"; ${own}`,
      `p2l.promptInit is the word "caption"; ${own}`,
    ]);
  });

  it('is refused by a prior that does not know it, with what was meant', async () => {
    await expect(planned('ldps: { prompt: caption }')).rejects.toThrow(
      `UserError 5:27: ldps.prompt: prompt "caption": the prior does not know 'caption'; the nearest word is 'calm'; ${own}`,
    );
  });
});

describe('captions that a task gives its methods as prompts', () => {
  const given = (caption: (id: string) => Promise<string>) =>
    planned('sdedit-edit', { caption }, undefined, 'trait-editing');

  it('one with a word that the prior does not know is a mistake of the plan, with the place of the task', async () => {
    const strange = async (id: string) => (id === 'test/00001' ? 'a face in Paris' : toyfaces.caption!(id));
    await expect(given(strange)).rejects.toThrow(/^UserError 4:9: caption of test\/00001: .* does not know/);
  });

  it('one that is no text is a mistake of the data', async () => {
    const none = async (id: string) => (id === 'test/00001' ? (null as never) : toyfaces.caption!(id));
    await expect(given(none)).rejects.toThrow('caption of test/00001: expected text, found null');
  });
});
