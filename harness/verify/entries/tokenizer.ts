import { z } from 'zod';
import { clipTokenizerFromVocabulary } from '../../networks/clip-tokenizer-files.ts';
import { parseConfig } from '../../networks/config-file.ts';
import { type Comparison, refused } from '../compare.ts';
import type { Entry } from '../entry.ts';
import { readParams, Unsupported } from '../unsupported.ts';

const id = z.number().int().nonnegative();
const paramsSchema = z.strictObject({
  /** Key of the list of records in the case's file. */
  records: z.string(),
  /** Name of the asset. */
  vocabulary: z.string(),
  context_length: z.number().int().min(2),
  start: id,
  end: id,
  /** Cut long texts to context_length; their last id becomes the end. */
  truncate: z.boolean(),
  /** Results that count as right: `ids`, and keys of a record's `divergent`. */
  accept: z.array(z.string()),
  divergent_pad: id,
});
type CaseParams = z.infer<typeof paramsSchema>;

const recordSchema = z.object({
  text: z.string(),
  ids: z.array(id),
  /** What other implementations give, padded. */
  divergent: z.record(z.string(), z.array(id)).default({}),
});
type TextRecord = z.infer<typeof recordSchema>;

/** The ids of each record's text, start and end included, without padding. */
export const tokenizerEncode: Entry = {
  name: 'tokenizer.encode',
  async run(given) {
    const params = readParams(paramsSchema, given.params);
    const schema = z.looseObject({ [params.records]: z.array(recordSchema) });
    const file = parseConfig("the case's file", given.json(), schema);
    const records = file[params.records] as readonly TextRecord[];
    const tokenizer = clipTokenizerFromVocabulary(given.asset(params.vocabulary), {
      length: params.truncate ? params.context_length : Number.POSITIVE_INFINITY,
    });
    const ends = tokenizer.ids('');
    if (!equal(ends, [params.start, params.end]))
      throw new Unsupported(`params: start ${params.start}, end ${params.end}; the tokenizer has ${ends}`);
    const wrong = records.filter((record) => !accepted(tokenizer.ids(record.text), record, params));
    return { ids: judged(records.length, wrong) };
  },
};

function accepted(ids: readonly number[], record: TextRecord, params: CaseParams): boolean {
  const padding = Array<number>(Math.max(0, params.context_length - ids.length)).fill(params.divergent_pad);
  const padded = [...ids, ...padding];
  return (
    equal(ids, record.ids) ||
    params.accept.some((key) => Object.hasOwn(record.divergent, key) && equal(padded, record.divergent[key]!))
  );
}

function judged(count: number, wrong: readonly TextRecord[]): Comparison {
  const name = `ids of ${count} texts`;
  const limits = { exact: true } as const;
  const [first] = wrong;
  if (count === 0) return refused(name, limits, 'there are no records');
  if (first)
    return refused(name, limits, `${wrong.length} differ, the first of ${JSON.stringify(first.text)}`);
  return { name, pass: true, maxAbs: 0, relL2: 0, maxRel: 0, limits, share: 0 };
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
