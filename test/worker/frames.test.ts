import { describe, expect, it } from 'vitest';
import { FrameReader, frame } from '../../harness/worker/frames.ts';

const messages = [{ kind: 'a', value: Number.POSITIVE_INFINITY }, 'b', { text: 'x'.repeat(1000) }];
const bytes = Buffer.concat(messages.map(frame));

describe('messages between a thread and its child', () => {
  it.each([1, 7, 500, bytes.length])('arrive as they were, in chunks of %i bytes', (size) => {
    const reader = new FrameReader(2000);
    const read: unknown[] = [];
    for (let at = 0; at < bytes.length; at += size) read.push(...reader.push(bytes.subarray(at, at + size)));
    expect(read).toEqual(messages);
  });

  it('are told from anything else that is written there, at once', () => {
    expect(() => [...new FrameReader(2000).push(Buffer.from('garbage\n\0{'))]).toThrow(
      'bytes that are no message',
    );
  });

  it('are refused by their length, before they have come', () => {
    expect(() => [...new FrameReader(100).push(frame(messages[2]).subarray(0, 8))]).toThrow(
      /^a message of 10\d\d bytes$/,
    );
  });
});
