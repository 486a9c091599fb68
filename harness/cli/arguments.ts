import { quoted } from '../config/located.ts';
import { UserError } from '../errors.ts';
import { nearestName } from '../names.ts';

/** What yargs knows of the options of a command: their names, by type. */
export interface DeclaredOptions {
  readonly key: Readonly<Record<string, unknown>>;
  readonly string: readonly string[];
  readonly number: readonly string[];
  readonly boolean: readonly string[];
  readonly array: readonly string[];
}

/**
 * Refuses what yargs lets through: one value given twice, a number that is none, an empty text, `--no-` before a text,
 * `--json=maybe`.
 * @throws UserError
 */
export function checkArguments(
  given: Readonly<Record<string, unknown>>,
  argv: readonly string[],
  declared: DeclaredOptions,
): true {
  for (const name of new Set([...Object.keys(declared.key), ...declared.string])) {
    const value = given[name];
    const called = callOf(name, argv);
    if (declared.boolean.includes(name)) refuseOtherThanBoolean(name, argv);
    if (value === undefined) continue;
    if (declared.array.includes(name)) {
      for (const one of Array.isArray(value) ? value : [value]) checkValue(name, called, one, declared);
    } else if (Array.isArray(value)) throw new UserError(`${called} is given twice; give it once`);
    else checkValue(name, called, value, declared);
  }
  return true;
}

/** As the person has it before them: `--out` of an option, `<cell>` of a word that stands in its place. */
export function callOf(name: string, argv: readonly string[]): string {
  const isOption = argv.some((arg) => [`--${name}`, `--no-${name}`].includes(arg.split('=')[0]!));
  return isOption ? `--${name}` : `<${name}>`;
}

function checkValue(name: string, called: string, value: unknown, { string, number }: DeclaredOptions): void {
  const complain = (expected: string) => {
    throw new UserError(`${called}: expected ${expected}`);
  };
  if (number.includes(name) && !(typeof value === 'number' && Number.isFinite(value))) complain('a number');
  if (string.includes(name) && typeof value !== 'string') complain('a value, and no --no- before it');
  if (string.includes(name) && value === '') complain('a value, found an empty one');
}

/** yargs takes any other word for false. */
function refuseOtherThanBoolean(name: string, argv: readonly string[]): void {
  const word = argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  if (word === undefined || word === 'true' || word === 'false') return;
  throw new UserError(`--${name}: expected no value, true or false; found ${quoted(word)}`);
}

/** What to say of an option that a command has not: ` (did you mean --json?)`, or nothing where none is near. */
export function nearestOption(unknown: string, { key }: DeclaredOptions): string {
  const name = nearestName(unknown, Object.keys(key));
  return name === null ? '' : ` (did you mean --${name}?)`;
}
