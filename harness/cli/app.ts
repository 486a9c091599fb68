import yargs, { type CommandModule } from 'yargs';
import { quoted } from '../config/located.ts';
import { SeveralMistakes } from '../config/mistakes.ts';
import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { storeError } from '../store/store-error.ts';
import { fileError } from '../system-errors.ts';
import { atPlace, placeInStack } from '../text/author.ts';
import { printable } from '../text/terminal.ts';
import { describeThrown } from '../text/thrown.ts';
import { callOf, checkArguments, type DeclaredOptions, nearestOption } from './arguments.ts';
import { ASKING, commands, isShown, nameOf } from './commands.ts';
import { packageInfo } from './package-info.ts';
import { say, warn } from './say.ts';

/**
 * Runs one command line and returns its exit code: 0 done, 1 something failed, 2 the user can put it right.
 * A command sets process.exitCode to 1 itself when its work is done but cells have failed.
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  process.exitCode = 0;
  let resultsDir = '';
  if (argv[0] === ASKING) return answer(argv.slice(1));
  try {
    refuseUnknownCommand(argv);
    refuseWordsAsOptions(argv);
    await parser(argv.length > 0 ? argv : ['--help'], await modules(argv))
      .middleware(({ results }) => {
        resultsDir = String(results);
      })
      .parseAsync();
    return process.exitCode;
  } catch (error) {
    return complain(storeError(error, resultsDir) ?? fileError(error) ?? error);
  }
}

/** To a shell that completes a command line: a word a line. A prompt is no place for messages. */
async function answer(words: readonly string[]): Promise<number> {
  const { candidates } = await import('./complete.ts');
  const found = await candidates(words).catch(() => []);
  if (found.length > 0) say(found.join('\n'));
  return 0;
}

/** The commands as yargs takes them: whole where a word of the line names one, the others as far as their list goes. */
function modules(argv: readonly string[]): Promise<CommandModule[]> {
  return Promise.all(
    commands.map(async (listed) => {
      const { command, describe, load } = listed;
      const rest = argv.includes(nameOf(listed)) ? (await load()).default : { handler: () => {} };
      return { command, describe, ...rest } as CommandModule;
    }),
  );
}

function parser(argv: readonly string[], known: readonly CommandModule[]) {
  const cli = yargs([...argv]);
  // What yargs gives to checks, and its types leave out.
  const declared = () => (cli as unknown as { getOptions(): DeclaredOptions }).getOptions();
  return cli
    .scriptName('tweedie')
    .usage('$0 <command>\n\nRuns diffusion-model solvers of imaging inverse problems and compares them.')
    .option('results', {
      type: 'string',
      default: 'results',
      describe: 'Folder of the results',
      requiresArg: true,
    })
    .command([...known])
    .example('$0 run configs/demo.yaml', 'run the demo and write its report')
    .example('$0 list solvers', 'the solvers, their parameters and defaults')
    .epilogue('Exit codes: 0 done, 1 something failed, 2 a mistake that you can put right.')
    .demandCommand(1, 'give a command')
    .version(packageInfo().version)
    .help()
    .alias('help', 'h')
    .strict()
    .check((given) => checkArguments(given, argv, declared()))
    .parserConfiguration({ 'dot-notation': false, 'greedy-arrays': false })
    .wrap(110)
    .exitProcess(false)
    .fail((message: string | null, error?: Error) => {
      throw error && error.name !== 'YError'
        ? error
        : usageError(message ?? error?.message ?? '', argv, declared());
    });
}

const commandNames = commands.map(nameOf);

/** The word in the command's place; the folder of results may stand before it. */
function commandOf([first, second, third]: readonly string[]): string | undefined {
  if (first === '--results') return third;
  return first?.startsWith('--results=') ? second : first;
}

function refuseUnknownCommand(argv: readonly string[]): void {
  const name = commandOf(argv);
  if (name === undefined || name.startsWith('-') || commandNames.includes(name)) return;
  throw new UserError(
    `unknown command ${quoted(name)}: ${nearest(name, commands.filter(isShown).map(nameOf))}`,
  );
}

/** yargs takes `--file x` for the word `<file>`, and forgets it where that word stands as well. */
function refuseWordsAsOptions(argv: readonly string[]): void {
  const name = commandOf(argv);
  const listed = commands.find((one) => nameOf(one) === name);
  const words = [...(listed?.command.matchAll(/[<[](\w+)/g) ?? [])].map(([, word]) => word!);
  const named = words.find((word) => callOf(word, argv) === `--${word}`);
  if (named === undefined) return;
  throw new UserError(
    `${name}: --${named} is no option: write its value alone, as <${named}>; see tweedie ${name} --help`,
  );
}

/** yargs explains over several lines and in its own terms; the user gets one line and where to read on. */
function usageError(message: string, argv: readonly string[], declared: DeclaredOptions): UserError {
  const value = unknownValue(message, argv);
  if (value !== null) return value;
  const command = commandOf(argv);
  const known = command !== undefined && commandNames.includes(command) ? `${command} ` : '';
  const unknown = /^Unknown arguments?: ([^,]+)/.exec(message)?.[1] ?? optionWithoutCommand(argv, declared);
  const option = ['--', '-'].find((dashes) =>
    argv.some((arg) => arg.split('=')[0] === `${dashes}${unknown}`),
  );
  const reason = message.startsWith('Not enough non-option arguments')
    ? 'an argument is missing'
    : unknown !== undefined && option !== undefined
      ? `unknown option ${option}${unknown}${nearestOption(unknown, declared)}`
      : message.replace(/\s+/g, ' ').replace(/^./, (letter) => letter.toLowerCase());
  return new UserError(`${known.trim()}${known ? ': ' : ''}${reason}; see tweedie ${known}--help`);
}

/** The first option that is none, where no command is given: of these yargs says nothing. */
function optionWithoutCommand([first]: readonly string[], { key }: DeclaredOptions): string | undefined {
  const name = first === undefined ? undefined : /^--?([^=]+)/.exec(first)?.[1];
  return name === undefined || Object.hasOwn(key, name) ? undefined : name;
}

/** What yargs says of a value that is not among an option's, in our words; null: it says something else. */
function unknownValue(message: string, argv: readonly string[]): UserError | null {
  const [, name, given, choices] = /Argument: ([^,]+), Given: "?(.*?)"?, Choices: (.*)/.exec(message) ?? [];
  if (name === undefined || given === undefined || choices === undefined) return null;
  const names = [...choices.matchAll(/"([^"]*)"/g)].map(([, choice]) => choice!);
  return new UserError(`${callOf(name, argv)}: unknown value ${quoted(given)}: ${nearest(given, names)}`);
}

/** Characters of a mistake's line: long enough for two paths of any length that is in use. */
const LINE = 2000;
/** Lines that a screen holds. */
const SHOWN = 20;

function complain(error: unknown): number {
  if (error instanceof SeveralMistakes) {
    for (const { message } of error.all.slice(0, SHOWN)) warn(printable(message, LINE));
    if (error.all.length > SHOWN) warn(`and ${error.all.length - SHOWN} more mistakes`);
    return 2;
  }
  if (error instanceof UserError) {
    warn(printable(error.message, LINE));
    return 2;
  }
  const theirs = error instanceof Error ? placeInStack(describeThrown(error).stack) : null;
  if (theirs !== null) {
    warn(printable(describeThrown(atPlace(error, theirs)).message, LINE));
    return 2;
  }
  warn(printable(error instanceof Error ? `unexpected error: ${error.message}` : String(error), LINE));
  if (process.env.TWEEDIE_DEBUG && error instanceof Error) warn(error.stack ?? '');
  else warn('(TWEEDIE_DEBUG=1 shows where)');
  return 1;
}
