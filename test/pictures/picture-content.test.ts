import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { iccName } from '../../harness/pictures/icc-name.ts';
import { openPicture } from '../../harness/pictures/picture-content.ts';
import { readPicture } from '../../harness/pictures/picture-file.ts';
import { temporaryFolder } from '../store/example.ts';

let file: string;
beforeEach(() => {
  file = join(temporaryFolder(), 'a.png');
});

async function complaint(path = file): Promise<string> {
  const error = await openPicture(path).then(
    () => expect.fail('it was taken for a picture'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message.replaceAll(path, 'FILE');
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** The beginning of an 8-bit RGB PNG. */
function pngHead(width: number, height: number, ...chunks: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', head), ...chunks, chunk('IDAT', Buffer.alloc(0))]);
}

describe('what is named like a picture and is none', () => {
  test.each([
    ['', 'an empty file'],
    ['<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"/>', 'an SVG drawing'],
    ['\ufeff <?xml version="1.0"?>\n<!DOCTYPE svg []><svg/>', 'an SVG drawing'],
    ['<!doctype html><title>404</title><svg/>', 'a web page'],
    ['GIF89a\x01\0', 'a GIF'],
    ['II*\0', 'a TIFF'],
    ['\0\0\0\x1cftypheic', 'a HEIF'],
    ['\0\0\0\x1cftypavif', 'an AVIF'],
    ['%PDF-1.7', 'a PDF document'],
    ['version https://git-lfs.github.com/spec/v1\n', 'a Git LFS pointer'],
  ])('%j is %s', async (content, name) => {
    writeFileSync(file, content, content.startsWith('\ufeff') ? 'utf8' : 'latin1');
    expect(await complaint()).toBe(`FILE: found ${name}, expected a PNG, JPEG or WebP picture`);
  });

  test('anything else', async () => {
    writeFileSync(file, 'hello');
    expect(await complaint()).toBe(
      'FILE: not a readable picture (its first bytes are those of no picture); expected a whole PNG, JPEG or WebP file',
    );
  });

  test('a folder, a link that leads nowhere, a named pipe, a device', async () => {
    mkdirSync(file);
    expect(await complaint()).toBe('FILE: expected a file, found a folder');
    const other = (name: string) => file.replace('a.png', name);
    symlinkSync('nowhere.png', other('link.png'));
    expect(await complaint(other('link.png'))).toBe(
      'FILE: expected a file, found a link to nowhere.png, which is not there',
    );
    execFileSync('mkfifo', [other('pipe.png')]);
    expect(await complaint(other('pipe.png'))).toBe('FILE: expected a file, found a FIFO (named pipe)');
    symlinkSync('/dev/zero', other('zero.png'));
    expect(await complaint(other('zero.png'))).toBe('FILE: expected a file, found a device');
  });
});

describe('a picture that is none of ours', () => {
  test('has more pixels than memory should hold: seen in the header, before anything is decoded', async () => {
    writeFileSync(file, pngHead(16_000, 16_000));
    expect(await complaint()).toBe('FILE: has 16000x16000 pixels; expected at most 100 million');
    writeFileSync(file, pngHead(20_000, 5_001));
    expect(await complaint()).toBe('FILE: has 20000x5001 pixels; expected at most 100 million');
  });

  test('moves: of an animation nobody has said which frame counts', async () => {
    const frames = Buffer.concat([Buffer.alloc(48, 10), Buffer.alloc(48, 200)]);
    const webp = sharp(frames, { raw: { width: 4, height: 8, channels: 3, pageHeight: 4 } }).webp();
    writeFileSync(file, await webp.toBuffer());
    expect(await complaint()).toBe('FILE: found an animation, expected a single picture');
    writeFileSync(file, pngHead(4, 4, chunk('acTL', Buffer.alloc(8))));
    expect(await complaint()).toBe('FILE: found an animation, expected a single picture');
  });
});

test('the content counts, not the name', async () => {
  const raw = { width: 4, height: 4, channels: 3 } as const;
  await sharp(Buffer.alloc(48, 90), { raw }).jpeg().toFile(file);
  expect((await openPicture(file)).facts).toEqual({
    file,
    format: 'jpeg',
    width: 4,
    height: 4,
    colours: 'rgb',
    bits: 8,
    alpha: null,
    palette: false,
    profile: null,
    orientation: 1,
  });
  expect(await readPicture(file)).toMatchObject({ width: 4, height: 4, channels: 3 });
});

describe("a profile's name", () => {
  /** A profile that holds one tag. */
  function profile(tag: Buffer): Buffer {
    const head = Buffer.alloc(144);
    head.writeUInt32BE(1, 128);
    head.write('desc', 132, 'latin1');
    head.writeUInt32BE(144, 136);
    head.writeUInt32BE(tag.length, 140);
    return Buffer.concat([head, tag]);
  }
  function version4(text: string): Buffer {
    const tag = Buffer.alloc(28);
    tag.write('mluc', 'latin1');
    tag.writeUInt32BE(2 * text.length, 20);
    tag.writeUInt32BE(28, 24);
    return Buffer.concat([tag, Buffer.from(text, 'utf16le').swap16()]);
  }

  test('is that of its description, without what would steer a terminal', () => {
    expect(iccName(profile(version4('Display P3')))).toBe('Display P3');
    expect(iccName(profile(version4('\u001b[31mred\u202e')))).toBe('[31mred');
  });

  test('is none where the profile is damaged', () => {
    const whole = profile(version4('Display P3'));
    for (let length = 0; length < whole.length; length += 4) iccName(whole.subarray(0, length));
    expect(iccName(Buffer.alloc(10))).toBeNull();
    expect(iccName(profile(Buffer.alloc(0)))).toBeNull();
  });
});
