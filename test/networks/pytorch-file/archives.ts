/** PyTorch files made by hand, with any pickle and any damage. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sizeOf } from '../../../harness/engine/shape.ts';

const folder = mkdtempSync(join(tmpdir(), 'tweedie-pytorch-'));
let files = 0;

/** Writes bytes into a new file and returns its path. */
export function fileOf(bytes: Uint8Array): string {
  const path = join(folder, `${files++ % 50}.pt`);
  writeFileSync(path, bytes);
  return path;
}

/** Changes to what a record's entry of the directory says. */
export interface Entry {
  readonly data: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly bytes?: number;
  readonly stored?: number;
  readonly offset?: number;
}

/** A zip archive of stored records; with `wide`, all sizes and places in zip64's fields, as for files above 4 GiB. */
export function zip(records: readonly (readonly [string, Entry])[], { wide = false } = {}): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, entry] of records) {
    const { data, method = 0, flags = 0 } = entry;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(name.length, 26);
    locals.push(Buffer.concat([local, Buffer.from(name), data]));
    const header = Buffer.alloc(46);
    header.writeUInt32LE(0x02014b50);
    header.writeUInt16LE(flags, 8);
    header.writeUInt16LE(method, 10);
    header.writeUInt32LE(wide ? FULL : (entry.stored ?? data.length), 20);
    header.writeUInt32LE(wide ? FULL : (entry.bytes ?? data.length), 24);
    header.writeUInt16LE(name.length, 28);
    header.writeUInt32LE(wide ? FULL : (entry.offset ?? at), 42);
    const extra = wide
      ? Buffer.concat([otherExtra, u16(1), u16(24), ...[data.length, data.length, at].map(u64)])
      : Buffer.alloc(0);
    header.writeUInt16LE(extra.length, 30);
    central.push(Buffer.concat([header, Buffer.from(name), extra]));
    at += locals.at(-1)!.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(records.length, 8);
  end.writeUInt16LE(records.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(wide ? FULL : at, 16);
  const wideEnd = Buffer.concat([
    ...[u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0)],
    ...[records.length, records.length, directory.length, at].map(u64),
    ...[u32(0x07064b50), u32(0), u64(at + directory.length), u32(1)],
  ]);
  return Buffer.concat([...locals, directory, ...(wide ? [wideEnd] : []), end]);
}

const FULL = 0xffffffff;
/** An extra field that is none of ours: two bytes of kind 0x4246, as PyTorch pads with. */
const otherExtra = Buffer.from([0x46, 0x42, 2, 0, 90, 90]);

/** Pickle opcodes, by the little of them that hostile files need. */
export const op = {
  global: (module: string, name: string) => `c${module}\n${name}\n`,
  text: (value: string) => `X${latin(u32(value.length))}${value}`,
  int: (value: number) => `J${latin(i32(value))}`,
  tuple: (...items: string[]) => `(${items.join('')}t`,
  list: (...items: string[]) => `](${items.join('')}e`,
  dict: (...pairs: [string, string][]) => `}(${pairs.flat().join('')}u`,
  call: (callable: string, ...args: string[]) => `${callable}(${args.join('')}tR`,
};

/** A float32 storage of `length` values, as a persistent id. */
export const storage = (length: number, key = '0'): string =>
  `${op.tuple(op.text('storage'), op.global('torch', 'FloatStorage'), op.text(key), op.text('cpu'), op.int(length))}Q`;

export interface TensorParts {
  readonly key?: string;
  readonly length?: number;
  readonly offset?: number;
  readonly shape?: readonly number[];
  readonly strides?: readonly number[];
}

/** _rebuild_tensor_v2 of that storage, by default '0' with six values. */
export const tensor = ({
  key = '0',
  length = 6,
  offset = 0,
  shape = [3, 2],
  strides = [2, 1],
}: TensorParts = {}): string =>
  op.call(
    op.global('torch._utils', '_rebuild_tensor_v2'),
    storage(length, key),
    op.int(offset),
    op.tuple(...shape.map(op.int)),
    op.tuple(...strides.map(op.int)),
    '\x89',
    '}',
  );

/** A zip archive with this pickle (without PROTO and STOP) and the data of storage '0'. */
export function archive(
  pickle: string,
  data: Uint8Array = new Uint8Array(24),
  options?: Parameters<typeof zip>[1],
): Buffer {
  const records: Parameters<typeof zip>[0] = [
    ['a/data.pkl', { data: Buffer.from(`\x80\x02${pickle}.`, 'latin1') }],
    ['a/data/0', { data }],
  ];
  return zip(records, options);
}

/** What torch.save makes of a dictionary of contiguous float32 tensors. */
export function stateDict(
  tensors: readonly { name: string; shape: readonly number[]; data: Uint8Array }[],
): Buffer {
  const pairs = tensors.map(({ name, shape, data }, i): [string, string] => {
    const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
    return [op.text(name), tensor({ key: String(i), length: data.length / 4, shape, strides })];
  });
  const pickle = Buffer.from(`\x80\x02${op.dict(...pairs)}.`, 'latin1');
  return zip([
    ['a/data.pkl', { data: pickle }],
    ...tensors.map(({ data }, i) => [`a/data/${i}`, { data }] as const),
  ]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

const latin = (bytes: Buffer) => bytes.toString('latin1');
