import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageInfo } from '../../harness/cli/package-info.ts';
import { folderWith, GOOD } from '../config/fakes.ts';
import { tweedie } from './run-cli.ts';

/** The commands that the main help names. */
async function commandsInHelp(): Promise<string[]> {
  const { stdout } = await tweedie('--help');
  const block = stdout.slice(stdout.indexOf('Commands:'), stdout.indexOf('Options:'));
  return [...block.matchAll(/^ {2}tweedie (\w+) .*\S$/gm)].map((match) => match[1]!);
}

describe('help', () => {
  it('names the commands, the exit codes and examples', async () => {
    const { code, stdout } = await tweedie('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}tweedie run configs\/demo\.yaml/);
    expect(stdout).toContain('Exit codes: 0 done, 1 something failed, 2 a mistake');
    expect(await commandsInHelp()).toEqual(expect.arrayContaining(['plan', 'list', 'dataset', 'doctor']));
  });

  it('is what a command line without anything asks for', async () => {
    expect(await tweedie()).toEqual(await tweedie('--help'));
  });

  it('of every command has a description, --results and an example that uses the command', async () => {
    const commands = new Set(await commandsInHelp());
    expect([...commands]).toContain('run');
    for (const name of commands) {
      const { code, stdout, stderr } = await tweedie(name, '--help');
      expect([name, code, stderr]).toEqual([name, 0, '']);
      expect(stdout).toMatch(new RegExp(`^tweedie ${name}.*\\n\\n\\w`));
      expect(stdout).toContain('--results');
      expect(stdout).toMatch(new RegExp(`Examples:\\n {2}tweedie ${name}`));
    }
  });

  it('--version prints the version of the package', async () => {
    expect(await tweedie('--version')).toEqual({ code: 0, stdout: packageInfo().version, stderr: '' });
  });
});

describe("a user's mistake is one line on stderr, nothing on stdout, exit code 2", () => {
  it.each([
    [['plna', 'x.yaml'], 'unknown command "plna": did you mean "plan"?'],
    [['--results', 'r'], 'give a command; see tweedie --help'],
    [
      ['completion', 'fish'],
      'completion: there is none for fish; expected bash or zsh, which has it where it is started from fish',
    ],
    [['-x'], 'unknown option -x; see tweedie --help'],
    [['--jsn', 'list', 'solvers'], 'unknown option --jsn; see tweedie --help'],
    [['list', 'solvers', '-x'], 'list: unknown option -x; see tweedie list --help'],
    [
      ['list', 'solvers', '--things', 'tasks'],
      'list: --things is no option: write its value alone, as <things>; see tweedie list --help',
    ],
    [
      ['--results', 'r', 'list', 'solvers', '--things', 'tasks'],
      'list: --things is no option: write its value alone, as <things>; see tweedie list --help',
    ],
    [['--results', 'r', 'lits'], 'unknown command "lits": did you mean "list"?'],
    [['--results=r', 'plan'], 'plan: an argument is missing; see tweedie plan --help'],
    [['plan'], 'plan: an argument is missing; see tweedie plan --help'],
    [
      ['plan', 'a.yaml', '--jsno'],
      'plan: unknown option --jsno (did you mean --json?); see tweedie plan --help',
    ],
    [['export', 'a', 'b'], 'export: unknown argument: b; see tweedie export --help'],
    [['status', '--results', 'a', '--results', 'b'], '--results is given twice; give it once'],
    [
      ['evaluate', '--generated', 'a', '--generated', 'b', '--reference', 'r'],
      '--generated is given twice; give it once',
    ],
    [['run', 'a.yaml', '--workers', '1', '--workers', '2'], '--workers is given twice; give it once'],
    [['run', 'a.yaml', '--workers', 'two'], '--workers: expected a number'],
    [
      ['run', 'a.yaml', '--timeout', '3000000'],
      'run: --timeout 3000000: expected at most 2147483 seconds (24 days); see tweedie run --help',
    ],
    [['plan', 'a.yaml', '--json=maybe'], '--json: expected no value, true or false; found "maybe"'],
    [['plan', 'a.yaml', '--results', ''], '--results: expected a value, found an empty one'],
    [['reproduce', ''], '<cell>: expected a value, found an empty one'],
    [['report', 'a', '--format', 'htlm'], '--format: unknown value "htlm": did you mean "html"?'],
    [['plan', 'a.yaml', '--no-results'], '--results: expected a value, and no --no- before it'],
    [['plan', 'a\n\u001b[31m\u202eb.yaml'], 'a\\n\\u{1b}[31m\\u{202e}b.yaml: no such file'],
    [
      ['plan', 'a.yaml', '--results', 'package.json'],
      `--results package.json: expected a folder, ${process.cwd()}/package.json is a file`,
    ],
    [['plan', 'none.yaml'], 'none.yaml: no such file'],
    [['plan', '--set', 'data.count=1', 'none.yaml'], 'none.yaml: no such file'],
    [['run', 'configs/dmeo.yaml'], 'configs/dmeo.yaml: no such file; did you mean "demo.yaml"?'],
    [['list', 'solver'], 'unknown kind of thing "solver": did you mean "solvers"?'],
  ])('%j', async (argv, stderr) => {
    expect(await tweedie(...argv)).toEqual({ code: 2, stdout: '', stderr });
  });

  it('also inside an experiment file', async () => {
    const file = join(
      folderWith({ 'e.yaml': GOOD.replace('super-resolution', 'super-resolutoin') }),
      'e.yaml',
    );
    expect(await tweedie('plan', file)).toEqual({
      code: 2,
      stdout: '',
      stderr: `${file}:5:5: unknown task "super-resolutoin": did you mean "super-resolution"?`,
    });
  });
});
