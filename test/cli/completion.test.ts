import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { folderWith, GOOD } from '../config/fakes.ts';
import { tweedie } from './run-cli.ts';

let folder: string;
beforeAll(() => {
  folder = folderWith({
    'e.yaml': GOOD,
    'notes.txt': '',
    tweedie: `#!/bin/sh\nexec "${process.execPath}" "${join(packageRoot, 'dist/harness/cli/main.js')}" "$@"\n`,
  });
  mkdirSync(join(folder, 'configs'));
  chmodSync(join(folder, 'tweedie'), 0o755);
});

/** What `tweedie` proposes in place of the last word. */
async function proposed(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await tweedie('--complete', ...words);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter((word) => word !== '');
}

describe('what may follow the words of a command line', () => {
  const file = () => join(folder, 'e.yaml');

  it('commands', async () => {
    expect(await proposed('')).toEqual(expect.arrayContaining(['run', 'plan', 'schema', 'weights']));
    expect(await proposed('pl')).toEqual(['plan']);
  });

  it('the options of a command, and their choices', async () => {
    expect(await proposed('plan', '--')).toEqual(expect.arrayContaining(['--set', '--json', '--results']));
    expect(await proposed('plan', '--')).not.toContain('--config');
    expect(await proposed('export', '--format', '')).toEqual(['json', 'jsonl', 'csv', 'parquet']);
    expect(await proposed('list', 'so')).toEqual(['solvers']);
    expect(await proposed('new', '')).toEqual(['solver', 'task', 'metric', 'dataset']);
  });

  it('experiment files and folders', async () => {
    expect(await proposed('plan', `${folder}/`)).toEqual([`${folder}/configs/`, file()]);
  });

  it("the keys of a file for --set, its solvers' parameters by name", async () => {
    expect(await proposed('plan', file(), '--set', 'data.c')).toEqual(['data.count=']);
    expect(await proposed('plan', file(), '--set', 'solvers.ldps.st')).toEqual(['solvers.ldps.steps=']);
    expect(await proposed('plan', file(), '--json', '--set', 'tasks.super-resolution.f')).toEqual([
      'tasks.super-resolution.factor=',
    ]);
  });

  it('nothing, and no message, where a file or command is wrong', async () => {
    expect(await proposed('plan', join(folder, 'none.yaml'), '--set', '')).toEqual([]);
    expect(await proposed('paln', '')).toEqual([]);
  });
});

const env = () => ({ ...process.env, PATH: `${folder}:${process.env.PATH}` });
const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

describe.skipIf(!has('bash'))('bash', () => {
  /** What bash would put in place of the last word. */
  const completed = (...words: string[]) =>
    execFileSync(
      'bash',
      [
        '-c',
        `eval "$(tweedie completion bash)"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _tweedie tweedie; printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        ...words,
      ],
      { env: env(), cwd: folder, encoding: 'utf8' },
    ).trim();

  it.each([
    [['tweedie', 'pl'], 'plan'],
    [['tweedie', 'plan', 'e'], 'e.yaml'],
    [['tweedie', 'plan', 'e.yaml', '--set', 'solvers.ldps.st'], 'solvers.ldps.steps='],
  ])('%j: %s', (words, word) => expect(completed(...words)).toBe(word));
});

describe.skipIf(!has('zsh'))('zsh', () => {
  /** The words of the line as they are run after it was typed and the tabulator was pressed. */
  function typed(line: string): string {
    const script = join(folder, 'type.zsh');
    writeFileSync(
      script,
      `zmodload zsh/zpty
      zpty shell zsh -f
      until-seen() { local seen part; while zpty -r shell part; do seen+=$part; [[ $seen == *$1* ]] && break; done }
      zpty -w shell 'PS1=; bindkey -e; autoload -U compinit; compinit -u -D; eval "$(tweedie completion zsh)"; echo rea""dy'
      until-seen ready
      zpty -w -n shell $'${line}\\t > typed\\C-aprint -r -- \\n'
      zpty -w shell 'echo do""ne'
      until-seen done`,
    );
    execFileSync('zsh', ['-f', script], { env: env(), cwd: folder });
    return readFileSync(join(folder, 'typed'), 'utf8').trim();
  }

  it.each([
    ['tweedie pl', 'tweedie plan'],
    ['tweedie plan e.yaml --set solvers.ldps.st', 'tweedie plan e.yaml --set solvers.ldps.steps='],
  ])('%s: %s', (line, whole) => expect(typed(line)).toBe(whole));
});
