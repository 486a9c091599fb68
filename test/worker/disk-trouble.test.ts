import { describe, expect, it } from 'vitest';
import { diskTrouble } from '../../harness/worker/disk-trouble.ts';

const error = (code: string, path?: string) => Object.assign(new Error(code), { code, path });
const full = 'no space is left on its disk; free some and run the same command again';

describe('an error that means that results cannot be kept', () => {
  it.each([
    ['a full disk, wherever it is', error('ENOSPC', '/tmp/x'), `/tmp/x: ${full}`],
    ['a full disk that an open file tells of', error('ENOSPC'), `/results: ${full}`],
    [
      'a results folder that may not be written',
      error('EACCES', '/results/images'),
      '/results/images: may not be read or written by you; check its owner and permissions',
    ],
  ])('%s', (_, thrown, message) => {
    expect(diskTrouble(thrown, '/results')).toBe(message);
  });

  it.each([
    ["a solver's own file that is not there", error('ENOENT', '/home/lut.json')],
    ["a solver's own connection", error('EACCES')],
    ['anything else', new Error('no')],
    ['what is no error', 'ENOSPC'],
  ])('%s is none', (_, thrown) => {
    expect(diskTrouble(thrown, '/results')).toBeUndefined();
  });
});
