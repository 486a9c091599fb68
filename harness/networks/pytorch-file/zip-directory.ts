/**
 * The part of the zip format (APPNOTE.TXT 6.3.10) that torch.save uses: stored records, with or without zip64. Reading is
 * synchronous and by position, so that a file of gigabytes is never read whole, and compressed records are refused: no
 * record can be larger than its file.
 */
import { UserError } from '../../errors.ts';
import { readAt } from '../open-for-reading.ts';
import { shown } from '../shown.ts';

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const EXTRA_64 = 1;
const MAX_COMMENT = 0xffff;
const FULL_16 = 0xffff;
const FULL_32 = 0xffffffff;
/** A checkpoint has some thousands of records of some hundred bytes. */
const MAX_DIRECTORY_BYTES = 2 ** 24;

/** A file that is being read. */
export interface OpenFile {
  readonly path: string;
  readonly fd: number;
  readonly size: number;
}

/** Where a record lies: its bytes are in the file as they are. */
export interface ZipRecord {
  readonly headerOffset: number;
  readonly bytes: number;
}

/** The records by name. Throws UserError for a damaged or compressed archive. */
export function readZipDirectory(file: OpenFile): Map<string, ZipRecord> {
  const { offset, bytes, count } = directoryPlace(file);
  if (bytes > MAX_DIRECTORY_BYTES || offset + bytes > file.size) {
    throw damaged(file, `its directory should take ${bytes} bytes from byte ${offset}`);
  }
  const view = viewOf(file, offset, bytes);
  const records = new Map<string, ZipRecord>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > bytes || view.getUint32(at, true) !== CENTRAL) {
      throw damaged(file, `its directory lists ${count} records and holds ${i}`);
    }
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) =>
      view.getUint16(at + field, true),
    ) as [number, number, number];
    const next = at + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes;
    if (next > bytes) throw damaged(file, 'its directory ends within a record');
    const nameAt = at + CENTRAL_BYTES;
    const name = Buffer.from(view.buffer, nameAt, nameBytes).toString('utf8');
    if (records.has(name)) throw damaged(file, `two records are named '${shown(name)}'`);
    records.set(name, record(file, name, view, at, { from: nameAt + nameBytes, bytes: extraBytes }));
    at = next;
  }
  refuseOverlaps(file, records);
  return records;
}

/** Records that share bytes would let a small archive stand for any number of large ones. */
function refuseOverlaps(file: OpenFile, records: ReadonlyMap<string, ZipRecord>): void {
  const byPlace = [...records].sort(([, a], [, b]) => a.headerOffset - b.headerOffset);
  let end = 0;
  for (const [name, { headerOffset, bytes }] of byPlace) {
    if (headerOffset < end) throw damaged(file, `record '${shown(name)}' overlaps the one before it`);
    end = headerOffset + LOCAL_BYTES + bytes;
  }
}

/** Where the first byte of a record lies in the file. */
export function recordPosition(file: OpenFile, name: string, { headerOffset, bytes }: ZipRecord): number {
  if (headerOffset + LOCAL_BYTES > file.size)
    throw damaged(file, `record '${shown(name)}' starts behind its end`);
  const header = viewOf(file, headerOffset, LOCAL_BYTES);
  if (header.getUint32(0, true) !== LOCAL) throw damaged(file, `record '${shown(name)}' has no header`);
  const position = headerOffset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  if (position + bytes > file.size) {
    throw damaged(file, `record '${shown(name)}' should take ${bytes} bytes from byte ${position}`);
  }
  return position;
}

/** One record of the central directory; its sizes and offset may stand in the zip64 extra field, in this order. */
function record(
  file: OpenFile,
  name: string,
  view: DataView,
  at: number,
  extra: { from: number; bytes: number },
): ZipRecord {
  const method = view.getUint16(at + 10, true);
  if (view.getUint16(at + 8, true) & 1) throw damaged(file, `record '${shown(name)}' is encrypted`);
  const wide = wideNumbers(view, extra);
  const field = (offset: number): number => {
    const value = view.getUint32(at + offset, true);
    if (value !== FULL_32) return value;
    const next = wide.shift();
    if (next === undefined) throw damaged(file, `record '${shown(name)}' lacks its zip64 sizes`);
    return next;
  };
  const [bytes, stored, headerOffset] = [field(24), field(20), field(42)];
  if (method !== 0) {
    throw new UserError(
      `${file.path}: record '${shown(name)}' is compressed (zip method ${method}); torch.save stores records as they are: load the file with PyTorch and save it again`,
    );
  }
  if (stored !== bytes)
    throw damaged(file, `record '${shown(name)}' has ${bytes} bytes, stored in ${stored}`);
  return { bytes, headerOffset };
}

function wideNumbers(view: DataView, extra: { from: number; bytes: number }): number[] {
  const end = extra.from + extra.bytes;
  for (let at = extra.from; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== EXTRA_64) continue;
    const count = Math.floor(Math.min(view.getUint16(at + 2, true), end - at - 4) / 8);
    return Array.from({ length: count }, (_, i) => Number(view.getBigUint64(at + 4 + 8 * i, true)));
  }
  return [];
}

function directoryPlace(file: OpenFile): { offset: number; bytes: number; count: number } {
  const tailBytes = Math.min(file.size, END_BYTES + MAX_COMMENT);
  const tail = viewOf(file, file.size - tailBytes, tailBytes);
  let at = tailBytes - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at--;
  if (at < 0) throw damaged(file, 'its directory, which is the end of a zip archive, is missing');
  const count = tail.getUint16(at + 10, true);
  const bytes = tail.getUint32(at + 12, true);
  const offset = tail.getUint32(at + 16, true);
  if (count !== FULL_16 && bytes !== FULL_32 && offset !== FULL_32) return { count, bytes, offset };

  const locator = at - 20;
  if (locator < 0 || tail.getUint32(locator, true) !== LOCATOR_64) return { count, bytes, offset };
  const place = Number(tail.getBigUint64(locator + 8, true));
  if (place + 56 > file.size) throw damaged(file, 'its zip64 directory lies behind its end');
  const end = viewOf(file, place, 56);
  if (end.getUint32(0, true) !== END_64) throw damaged(file, 'its zip64 directory is missing');
  return {
    count: Number(end.getBigUint64(32, true)),
    bytes: Number(end.getBigUint64(40, true)),
    offset: Number(end.getBigUint64(48, true)),
  };
}

function viewOf(file: OpenFile, position: number, bytes: number): DataView {
  return new DataView(readAt(file.path, file.fd, position, bytes));
}

function damaged(file: OpenFile, what: string): UserError {
  return new UserError(
    `${file.path}: is not a PyTorch file, or damaged: ${what} (${file.size} bytes in all)`,
  );
}
