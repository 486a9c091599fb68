import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { sayChunk } from '../../harness/cli/say.ts';
import { tweedie } from './run-cli.ts';

const ROOT = new URL('../../harness/', import.meta.url);

/** The program's files whose text matches, relative to its folder. */
function filesWith(pattern: RegExp): string[] {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && pattern.test(readFileSync(new URL(file, ROOT), 'utf8')))
    .sort();
}

describe('what a person gets to see', () => {
  it('is printed by one file; the others print no text of anybody else, or escape it', () => {
    expect(filesWith(/\bconsole\.\w+\(|\bstd(?:out|err)\.write\(/)).toEqual([
      'cli/say.ts',
      // Of a device's own process.
      'engine/devices/provider-probe.ts',
      'engine/devices/tensorflow.ts',
      // Of a program that is a method: the log of its cell.
      'external/program.ts',
      'networks/float32-copy.ts',
    ]);
  });

  it('has its characters escaped in one room', () => {
    expect(filesWith(/&lt;|textbackslash|\\u\{\$\{|\\\\p\{C/)).toEqual([
      'text/html.ts',
      'text/latex.ts',
      'text/visible.ts',
    ]);
  });

  it.each([
    [['pl\u001b[31man'], 'unknown command "pl\\u001b[31man": expected one of run, plan, '],
    [['plan', '\u001b[2J\u202ex\ny.yaml'], '\\u{1b}[2J\\u{202e}x\\ny.yaml: no such file'],
  ])('shows the control characters of a mistake: %j', async (argv, start) => {
    const { code, stderr } = await tweedie(...argv);
    expect(code).toBe(2);
    expect(stderr.slice(0, start.length)).toBe(start);
    expect(stderr).not.toContain('\n');
  });

  it('loses the middle of a mistake longer than 2,000 characters', async () => {
    const { stderr } = await tweedie('plan', `${'x'.repeat(5000)}.yaml`);
    expect([...stderr]).toHaveLength(2000);
  });
});

it('a piece of a document is no fault where its reader is gone before it is written', async () => {
  const ignore = () => {};
  process.stdout.on('error', ignore);
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(false);
  try {
    const said = sayChunk('{}');
    process.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await expect(said).resolves.toBeUndefined();
  } finally {
    write.mockRestore();
    process.stdout.off('error', ignore);
  }
});
