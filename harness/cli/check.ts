import { fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.ts';
import { printable } from '../text/terminal.ts';
import type { CheckName, Said } from './check-child.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { say, sayJson, warn } from './say.ts';

interface Options extends GlobalOptions {
  file: string;
  json: boolean;
  timeout: number;
}

interface Finding extends CheckName {
  /** null: it holds. */
  readonly problem: string | null;
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe:
          'The plug-in (a module in JavaScript or TypeScript, or a YAML file that describes a program)',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .option('timeout', {
        type: 'number',
        requiresArg: true,
        default: 300,
        describe: 'Seconds that one check may take',
      })
      .example('$0 check docs/examples/mpgd.js', 'what the solver does, and does wrong')
      .example('$0 check docs/examples/dps_numpy.yaml', 'the same of a program'),
  handler: async ({ file, json, timeout }) => {
    if (!(timeout > 0 && timeout <= LONGEST_SECONDS))
      throw new UserError(
        `--timeout ${timeout}: expected a number of seconds above 0, at most ${LONGEST_SECONDS}`,
      );
    const findings: Finding[] = [];
    await eachFinding(resolve(file), timeout, (finding) => {
      const { name, check, problem } = finding;
      findings.push(finding);
      if (!json) say(`${problem === null ? '✓' : '✗'} ${printable(name)} ${check}`);
      if (!json && problem !== null) say(`    ${printable(problem)}`);
    });
    if (findings.length === 0)
      throw new UserError(`plug-in ${file}: has priors only, of which nothing is checked`);
    if (json) sayJson(findings, 2);
    if (findings.some(({ problem }) => problem !== null)) process.exitCode = 1;
  },
};
export default command;

/** A day. */
const LONGEST_SECONDS = 86_400;

const CHILD = fileURLToPath(new URL('./check-child.js', import.meta.url));

/** Node's exit code where a promise is awaited and nothing is left that could settle it. */
const UNSETTLED = 13;
const NEVER_SETTLES = 'never settles the promise that it returns: nothing is left that it could wait for';

/** Characters of what a plug-in prints that are shown. */
const MOST_PRINTED = 16_384;

/** Shows what a plug-in prints on standard error, for standard output has the findings; a flood is cut. */
function tellBeside(stream: Readable): void {
  let left = MOST_PRINTED;
  // In pieces, not lines: one without an end of line may be endless.
  stream.setEncoding('utf8').on('data', (text: string) => {
    if (left === 0) return;
    warn(text.slice(0, left).replace(/\n$/, ''));
    left = Math.max(0, left - text.length);
    if (left === 0) warn('(it prints more, which is not shown)');
  });
}

/**
 * Checks a plug-in in a process of its own. One that is longer than `seconds` at one check, or ends, has failed that, and is
 * asked no more.
 * @throws UserError where the plug-in is refused
 */
function eachFinding(file: string, seconds: number, hear: (finding: Finding) => void): Promise<void> {
  return new Promise((done, refuse) => {
    const child = fork(CHILD, [file], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [child.stdout!, child.stderr!]) tellBeside(stream);
    let check: CheckName | null = null;
    let over = false;
    let timer = watch();
    function watch() {
      return setTimeout(
        () => end(`is not over after ${seconds} s; --timeout SECONDS gives it more`),
        seconds * 1000,
      );
    }
    function end(problem: string | null) {
      if (over) return;
      over = true;
      clearTimeout(timer);
      child.kill('SIGKILL');
      if (problem === null) return done();
      if (check === null) return refuse(new UserError(`plug-in ${file}: loading it ${problem}`));
      hear({ ...check, problem });
      done();
    }
    child.on('message', (message: Said) => {
      clearTimeout(timer);
      timer = watch();
      switch (message.said) {
        case 'begins':
          check = message.check;
          return;
        case 'found':
          hear({ ...check!, problem: message.problem });
          return;
        case 'refused':
          refuse(new UserError(message.message));
          return end(null);
        case 'done':
          return end(null);
      }
    });
    child.on('exit', (code, signal) => {
      // A process that it has started may hold them open.
      for (const stream of [child.stdout, child.stderr]) (stream as Socket).unref();
      const ended = () =>
        end(code === UNSETTLED ? NEVER_SETTLES : `ended its process (${signal ?? `exit code ${code}`})`);
      // What it has said before may not be read yet.
      if (child.connected) child.once('disconnect', ended);
      else ended();
    });
  });
}
