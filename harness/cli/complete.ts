import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import yargs from 'yargs';
import { hasDatabase } from '../store/layout.ts';
import { experimentNames } from '../store/queries.ts';
import { closeStore, openStore } from '../store/store.ts';
import type { DeclaredOptions } from './arguments.ts';
import type { AnyCommand } from './command.ts';
import { commands, isShown, type ListedCommand, nameOf } from './commands.ts';

/** What yargs knows of a command's options. */
interface Declared extends DeclaredOptions {
  readonly choices: Readonly<Record<string, readonly string[]>>;
}

/**
 * What may stand in place of the last word of a command line, whose first is a command; nothing: the shell's own files.
 * Throws where the results cannot be read.
 */
export async function candidates(words: readonly string[]): Promise<string[]> {
  const [name, ...rest] = words;
  const current = words.at(-1) ?? '';
  if (rest.length === 0) return startingWith(current, commands.filter(isShown).map(nameOf));
  const command = commands.find((one) => nameOf(one) === name);
  if (!command) return [];
  const declared = declaredBy((await command.load()).default);
  const [before, positionals] = [rest.at(-2) ?? '', positionalsIn(rest.slice(0, -1), declared)];
  if (takesValue(before, declared))
    return startingWith(current, await valuesOf(before.slice(2), positionals[0], declared));
  if (current.startsWith('-')) return startingWith(current, optionsOf(command, declared));
  return startingWith(
    current,
    await wordsFor(argumentNames(command)[positionals.length] ?? '', current, resultsIn(rest), declared),
  );
}

function startingWith(start: string, words: readonly string[]): string[] {
  return words.filter((word) => word.startsWith(start));
}

/** `config` of `plan <config>`. */
function argumentNames({ command }: ListedCommand): string[] {
  return [...command.matchAll(/[<[](\w+)/g)].map(([, argument]) => argument!);
}

function declaredBy({ builder }: AnyCommand): Declared {
  const cli = yargs([]).option('results', { type: 'string' });
  builder(cli as never);
  return (cli as unknown as { getOptions(): Declared }).getOptions();
}

function takesValue(word: string, { key, boolean }: Declared): boolean {
  return word.startsWith('--') && word.slice(2) in key && !boolean.includes(word.slice(2));
}

function positionalsIn(words: readonly string[], declared: Declared): string[] {
  return words.filter((word, i) => !word.startsWith('-') && !takesValue(words[i - 1] ?? '', declared));
}

function optionsOf(command: ListedCommand, { key }: Declared): string[] {
  const known = argumentNames(command);
  return Object.keys(key)
    .filter((option) => option.length > 1 && !known.includes(option))
    .map((option) => `--${option}`);
}

async function valuesOf(
  option: string,
  config: string | undefined,
  { choices }: Declared,
): Promise<readonly string[]> {
  if (option !== 'set') return choices[option] ?? [];
  if (config === undefined) return [];
  const { settableIn } = await import('./settable.ts');
  const keys = await settableIn(config).catch(() => []);
  return keys.map((key) => `${key}=`);
}

function resultsIn(words: readonly string[]): string {
  const said = words.findLastIndex((word) => word === '--results' || word.startsWith('--results='));
  if (said < 0) return 'results';
  return words[said] === '--results'
    ? (words[said + 1] ?? 'results')
    : words[said]!.slice('--results='.length);
}

/** What a command's argument of this name can be. */
async function wordsFor(
  argument: string,
  current: string,
  results: string,
  { choices }: Declared,
): Promise<readonly string[]> {
  if (choices[argument]) return choices[argument];
  if (argument === 'config' || argument === 'configs') return yamlFiles(current);
  if (argument === 'things') return [...(await import('./listing.ts')).listings.keys()];
  if (argument === 'shell') return ['bash', 'zsh'];
  return ['experiment', 'other'].includes(argument) ? experimentsIn(results) : [];
}

/** The YAML files of the folder that the word is in, and its folders. */
function yamlFiles(word: string): string[] {
  const folder = word.endsWith('/') ? word : dirname(word);
  const within = (name: string) => (folder === '.' && !word.startsWith('./') ? name : join(folder, name));
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return [`${within(entry.name)}/`];
      return /\.ya?ml$/.test(entry.name) ? [within(entry.name)] : [];
    });
  } catch {
    return [];
  }
}

function experimentsIn(results: string): string[] {
  if (!hasDatabase(results)) return [];
  const store = openStore(results, { create: false });
  try {
    return experimentNames(store);
  } finally {
    closeStore(store);
  }
}
