/** Files that stand where weights should are named, whatever their ending. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { openTensorFile } from '../../harness/networks/tensor-file.ts';
import { weightFilePaths } from '../../harness/networks/tensor-files.ts';
import { zip } from './pytorch-file/archives.ts';

const folder = mkdtempSync(join(tmpdir(), 'tweedie-foreign-'));
const refusal = (name: string, open: (path: string) => unknown = openTensorFile) => {
  const path = join(folder, name);
  expect(() => open(path)).toThrow(UserError);
  try {
    return open(path);
  } catch (error) {
    return (error as Error).message.slice(path.length + 2);
  }
};

const tar = Buffer.alloc(1024);
tar.write('sys_info', 0);
tar.write('ustar', 257);

describe.each(['x.safetensors', 'x.pt', 'x.ckpt'])('%s', (name) => {
  it.each<[string, string | Uint8Array]>([
    [
      'is a Git LFS pointer, not the file that it stands for: `git lfs pull` fetches that',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 3438354725\n`,
    ],
    [
      'is a web page (HTML) that was saved in place of the file: download it again',
      '\n<!DOCTYPE html><html><title>Google Drive - Virus scan warning</title></html>',
    ],
    [
      'is an XML document, perhaps the answer of a server that refused the file',
      '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
    ],
    ['is compressed (gzip): unpack it first', gzipSync('weights')],
    [
      'is a tar archive: unpack it, or, if PyTorch before 0.1.10 wrote it, load it with PyTorch and save its state_dict again',
      tar,
    ],
    ['is empty', ''],
    [
      'is a pickle that torch.save did not write: load it with PyTorch and save its state_dict again',
      Buffer.from('\x80\x04\x95\x0a\0\0\0\0\0\0\0}.', 'latin1'),
    ],
    ['is an empty zip archive', zip([])],
    ['is a text file, which begins \'{"error": "not found"}\'', '{"error": "not found"}'],
    [
      'is a zip archive, but not a PyTorch file: expected one record data.pkl, found 0 among w.npy',
      zip([['w.npy', { data: Buffer.from('\x93NUMPY', 'latin1') }]]),
    ],
  ])('%s', (message, bytes) => {
    writeFileSync(join(folder, name), bytes);
    expect(refusal(name)).toBe(message);
  });
});

it('a folder, a FIFO, a broken link and nothing are not opened', () => {
  mkdirSync(join(folder, 'dir.pt'));
  execFileSync('mkfifo', [join(folder, 'pipe.pt')]);
  symlinkSync('../blobs/123', join(folder, 'link.safetensors'));
  expect(refusal('dir.pt')).toBe('expected a file, found a folder');
  expect(refusal('pipe.pt')).toBe('expected a file, found a FIFO (named pipe)');
  const link = 'expected a file, found a link to ../blobs/123, which is not there';
  expect(refusal('link.safetensors')).toBe(link);
  expect(refusal('link.safetensors', weightFilePaths)).toBe(link);
  expect(refusal('none.pt')).toBe('expected a file, found nothing');
});
