/** The two containers of torch.save: a zip archive (since PyTorch 1.6), and five pickles followed by raw storages. */
import { UserError } from '../../errors.ts';
import { foreignKind } from '../foreign-file.ts';
import { readAt } from '../open-for-reading.ts';
import { listed, shown } from '../shown.ts';
import { unpickle } from './pickle.ts';
import { type TorchStorage, torchRules } from './torch-objects.ts';
import { type OpenFile, readZipDirectory, recordPosition } from './zip-directory.ts';

export interface Archive {
  /** What was saved. */
  readonly root: unknown;
  /** Where the first byte of a storage lies in the file. */
  position(storage: TorchStorage): number;
}

const ZIP_MAGIC = Buffer.from('PK\x03\x04', 'latin1');
/** The number 0x1950a86a20f9469cfc6c as a pickle: what old files begin with. */
const OLD_MAGIC = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex');
/** What looksLikePytorch needs to see. */
export const MAGIC_BYTES: number = OLD_MAGIC.length;
/** A pickle holds names and shapes; 5,000 tensors take about 2 MB. */
const MAX_PICKLE_BYTES = 2 ** 24;

/** Reads names, shapes and places, not the values. Throws UserError. */
export function openArchive(file: OpenFile): Archive {
  const magic = bytesAt(file, 0, Math.min(file.size, OLD_MAGIC.length));
  if (magic.subarray(0, ZIP_MAGIC.length).equals(ZIP_MAGIC)) return openZip(file);
  if (magic.equals(OLD_MAGIC)) return openOld(file);
  const kind = foreignKind(file.fd);
  throw new UserError(
    `${file.path}: ${kind ?? 'is not a PyTorch file: expected a zip archive or a pickle of torch.save'}`,
  );
}

/** Whether a file begins as one that torch.save wrote. */
export function looksLikePytorch(firstBytes: Buffer): boolean {
  return [ZIP_MAGIC, OLD_MAGIC].some((magic) => firstBytes.subarray(0, magic.length).equals(magic));
}

function openZip(file: OpenFile): Archive {
  const records = readZipDirectory(file);
  const pickles = [...records.keys()].filter((name) => name === 'data.pkl' || name.endsWith('/data.pkl'));
  const [pickle] = pickles;
  if (pickle === undefined || pickles.length > 1) {
    throw new UserError(
      `${file.path}: is a zip archive, but not a PyTorch file: expected one record data.pkl, found ${pickles.length} among ${listed([...records.keys()], 3)}`,
    );
  }
  const folder = pickle.slice(0, -'data.pkl'.length);
  const place = (name: string): { at: number; bytes: number } => {
    const record = records.get(folder + name);
    if (!record) throw new UserError(`${file.path}: is damaged: record '${shown(folder + name)}' is missing`);
    return { at: recordPosition(file, folder + name, record), bytes: record.bytes };
  };
  if (records.has(`${folder}byteorder`)) {
    const { at, bytes } = place('byteorder');
    const order = shown(bytesAt(file, at, Math.min(bytes, 16)).toString('latin1'));
    if (order !== 'little')
      throw new UserError(`${file.path}: its byte order is '${order}'; expected little`);
  }
  const { at, bytes } = place('data.pkl');
  if (bytes > MAX_PICKLE_BYTES) throw new UserError(`${file.path}: its pickle takes ${bytes} bytes`);
  const { value } = unpickle(bytesAt(file, at, bytes), 0, torchRules(file.path), file.path);
  return {
    root: value,
    position(storage) {
      const found = place(`data/${storage.key}`);
      if (found.bytes === storage.bytes) return found.at;
      throw wrongLength(file, storage, found.bytes);
    },
  };
}

/** Magic number, protocol, machine, what was saved, keys; then for each key a count of values and the values. */
function openOld(file: OpenFile): Archive {
  const head = bytesAt(file, 0, Math.min(file.size, MAX_PICKLE_BYTES));
  const rules = torchRules(file.path);
  let at = 0;
  const next = () => {
    const { value, end } = unpickle(head, at, rules, file.path);
    at = end;
    return value;
  };
  next();
  next();
  const machine = next();
  if (!(machine instanceof Map) || machine.get('little_endian') !== true) {
    throw new UserError(`${file.path}: was not written on a little-endian machine`);
  }
  const root = next();
  const keys = next();
  if (!Array.isArray(keys)) throw new UserError(`${file.path}: is damaged: its list of storages is missing`);
  const places = new Map<string, number>();
  for (const key of keys) {
    const storage = typeof key === 'string' ? rules.storages.get(key) : undefined;
    if (!storage || places.has(storage.key)) {
      throw new UserError(`${file.path}: is damaged: it lists a storage that no tensor has, or twice`);
    }
    const remaining = file.size - at - 8;
    if (remaining < storage.bytes) throw wrongLength(file, storage, remaining);
    const count = bytesAt(file, at, 8).readBigInt64LE();
    if (count !== BigInt(storage.length)) {
      throw new UserError(
        `${file.path}: storage '${shown(storage.key)}' has ${count} values; its tensors expect ${storage.length}`,
      );
    }
    places.set(storage.key, at + 8);
    at += 8 + storage.bytes;
  }
  return {
    root,
    position(storage) {
      const place = places.get(storage.key);
      if (place !== undefined) return place;
      throw new UserError(`${file.path}: is damaged: storage '${shown(storage.key)}' is missing`);
    },
  };
}

function wrongLength(file: OpenFile, storage: TorchStorage, found: number): UserError {
  return new UserError(
    `${file.path}: storage '${shown(storage.key)}' has ${Math.max(found, 0)} bytes; ${storage.length} values of type ${storage.dtype} need ${storage.bytes}`,
  );
}

function bytesAt(file: OpenFile, position: number, length: number): Buffer {
  return Buffer.from(readAt(file.path, file.fd, position, length));
}
