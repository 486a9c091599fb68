import { z } from 'zod';
import { sizeOf } from '../engine/shape.ts';
import { UserError } from '../errors.ts';
import { parseConfig } from './config-file.ts';
import { shown } from './shown.ts';
import { ITEM_BYTES, type TensorType } from './tensor-types.ts';

/** What a header may hold: all types of the format, and no others. */
export const SAFETENSORS_TYPES = Object.keys(ITEM_BYTES).filter((type) => type !== 'C128') as [TensorType];

const MAX_RANK = 64;
const count = z.number().int().nonnegative();
const entrySchema = z.object({
  dtype: z.enum(SAFETENSORS_TYPES),
  shape: z.array(count).max(MAX_RANK),
  data_offsets: z.tuple([count, count]),
});
/** Where a tensor lies, from the first byte after the header. */
export type HeaderEntry = z.infer<typeof entrySchema>;

/**
 * The tensors that a header lists, in its order.
 * @param dataBytes of the file behind the header
 * @throws UserError, naming file and tensor, for a header that breaks the format
 */
export function parseHeader(path: string, text: string, dataBytes: number): Map<string, HeaderEntry> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path}: the safetensors header is not JSON: ${shown((error as Error).message)}`);
  }
  const { __metadata__: _, ...tensors } = parseConfig(path, json, z.record(z.string(), z.unknown()));
  const entries = new Map(
    Object.entries(tensors).map(([name, raw]) => [
      name,
      parseConfig(`${path}: tensor '${shown(name)}'`, raw, entrySchema),
    ]),
  );
  // Of two equal names JSON.parse keeps the last.
  const stated = text.match(/"data_offsets"\s*:\s*\[/g)?.length ?? 0;
  if (stated !== entries.size) throw new UserError(`${path}: its header names a tensor more than once`);
  checkOffsets(path, entries, dataBytes);
  return entries;
}

/** Tensors must fill the data section in some order, without gap or overlap. */
function checkOffsets(path: string, entries: ReadonlyMap<string, HeaderEntry>, dataBytes: number): void {
  const byPlace = [...entries].sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  let expected = 0;
  let before = 'the header';
  for (const [name, { dtype, shape, data_offsets: offsets }] of byPlace) {
    const [begin, end] = offsets;
    const bytes = sizeOf(shape) * ITEM_BYTES[dtype];
    if (end - begin !== bytes) {
      throw new UserError(
        `${path}: tensor '${shown(name)}': data_offsets [${begin}, ${end}] hold ${end - begin} bytes; ${dtype} [${shape}] needs ${bytes}`,
      );
    }
    if (begin !== expected) {
      const what = begin < expected ? 'overlaps' : 'leaves a gap behind';
      throw new UserError(
        `${path}: tensor '${shown(name)}' starts at byte ${begin}: it ${what} ${before}, which ends at ${expected}`,
      );
    }
    expected = end;
    before = `'${shown(name)}'`;
  }
  if (expected !== dataBytes) {
    throw new UserError(
      `${path}: the tensors take ${expected} bytes, the file has ${dataBytes}; is it cut short?`,
    );
  }
}
