import { readSync } from 'node:fs';
import { shown } from './shown.ts';

const latin = (text: string) => Buffer.from(text, 'latin1');
const COMPRESSED = 'is compressed';
const AGAIN = 'load it with PyTorch and save its state_dict again';

/** What files are that stand where weights should, by their first bytes. */
const BEGINNINGS: readonly (readonly [Buffer, string])[] = [
  [latin('\x1f\x8b'), `${COMPRESSED} (gzip): unpack it first`],
  [latin('BZh'), `${COMPRESSED} (bzip2): unpack it first`],
  [latin('\xfd7zXZ\0'), `${COMPRESSED} (xz): unpack it first`],
  [latin('\x28\xb5\x2f\xfd'), `${COMPRESSED} (zstd): unpack it first`],
  [latin('7z\xbc\xaf'), 'is a 7z archive: unpack it first'],
  [latin('Rar!'), 'is a rar archive: unpack it first'],
  [latin('\x89HDF'), 'is an HDF5 file (Keras, h5py): expected safetensors or a PyTorch file'],
  [latin('\x93NUMPY'), 'is an array of NumPy: expected safetensors or a PyTorch file'],
  [latin('GGUF'), 'is a GGUF file: expected safetensors or a PyTorch file'],
  [latin('PK\x05\x06'), 'is an empty zip archive'],
  [latin('PK\x03\x04'), 'is a zip archive, as torch.save writes: expected safetensors'],
  [latin('\x80\x02'), `is a pickle that torch.save did not write: ${AGAIN}`],
  [latin('\x80\x03'), `is a pickle that torch.save did not write: ${AGAIN}`],
  [latin('\x80\x04'), `is a pickle that torch.save did not write: ${AGAIN}`],
  [latin('\x80\x05'), `is a pickle that torch.save did not write: ${AGAIN}`],
];
const LFS = 'version https://git-lfs';
const TAR_MAGIC = { text: 'ustar', at: 257 };
const ENOUGH_BYTES = 512;
/** A safetensors file begins with a length whose upper bytes are 0. */
const TEXT = /^[\t\n\r\x20-\x7e]{8,}$/;

/** What an open file is that turned out not to be a file of tensors; null: nothing that is known. */
export function foreignKind(fd: number): string | null {
  const first = firstBytes(fd);
  const text = first.toString('latin1');
  const kind = kindOf(first, text);
  return kind ?? (TEXT.test(text) ? `is a text file, which begins '${shown(text.slice(0, 40))}'` : null);
}

/** The same for a file of text that turned out not to be JSON. */
export function foreignText(fd: number): string | null {
  const first = firstBytes(fd);
  return kindOf(first, first.toString('latin1'));
}

function firstBytes(fd: number): Buffer {
  const bytes = Buffer.alloc(ENOUGH_BYTES);
  return bytes.subarray(0, readSync(fd, bytes, 0, ENOUGH_BYTES, 0));
}

function kindOf(first: Buffer, text: string): string | null {
  if (first.length === 0) return 'is empty';
  if (text.startsWith(LFS))
    return 'is a Git LFS pointer, not the file that it stands for: `git lfs pull` fetches that';
  if (/^(\xef\xbb\xbf)?\s*<(!doctype\s+html|html|head|body)/i.test(text))
    return 'is a web page (HTML) that was saved in place of the file: download it again';
  if (/^\s*<(\?xml|[a-z])/i.test(text))
    return 'is an XML document, perhaps the answer of a server that refused the file';
  if (text.slice(TAR_MAGIC.at).startsWith(TAR_MAGIC.text))
    return `is a tar archive: unpack it, or, if PyTorch before 0.1.10 wrote it, ${AGAIN}`;
  return BEGINNINGS.find(([begin]) => first.subarray(0, begin.length).equals(begin))?.[1] ?? null;
}
