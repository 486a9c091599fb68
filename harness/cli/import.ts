import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { quoted } from '../config/located.ts';
import { UserError } from '../errors.ts';
import { manifestAbove } from '../imported/description.ts';
import { type Matched, matchPictures } from '../imported/match.ts';
import { MANIFEST } from '../measured/manifest.ts';
import { type OutputKind, requireReplaceable, writeOutput } from '../output-file.ts';
import { bytesOfFile } from '../regular-file.ts';
import { counted } from '../text/count.ts';
import { printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { registries } from './registries.ts';
import { say, sayJson, warn } from './say.ts';

interface Options extends GlobalOptions {
  folder: string;
  as: string;
  measured: string | undefined;
  title: string | undefined;
  citation: string | undefined;
  params: string[];
  out: string | undefined;
  json: boolean;
}

const DESCRIPTION: OutputKind = { name: 'imported pictures', begins: /^imported:/ };

/** At most so many names are listed. */
const LISTED = 3;

/** `tweedie import`: pictures made elsewhere, as an entry of an experiment. */
const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'Pictures, each named below this folder as its truth is below truths/ of the measurements',
      })
      .option('as', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'What experiments and reports call the method',
      })
      .option('measured', {
        type: 'string',
        requiresArg: true,
        describe:
          'Folder that tweedie measure has written; by default the nearest above with a manifest.json',
      })
      .option('title', { type: 'string', requiresArg: true, describe: 'The name as its paper writes it' })
      .option('citation', { type: 'string', requiresArg: true, describe: 'Whom to cite' })
      .option('params', {
        type: 'string',
        array: true,
        requiresArg: true,
        default: [] as string[],
        describe: 'key=value: what the method was run with, to be shown',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Write the entry to this YAML file, to be named under plugins',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 import problems/results/mine --as mine --out mine.yaml', 'then plugins: [mine.yaml]')
      .example('$0 import out --as mine --measured problems --params steps=50', 'the entry for solvers:'),
  handler: async ({ folder, as: name, measured, title, citation, params, out, json }) => {
    if (registries.solvers.has(name))
      throw new UserError(
        `--as ${name}: there is a solver of that name already (built in); expected another name`,
      );
    if (out !== undefined) {
      if (!/\.ya?ml$/.test(out)) throw new UserError(`--out ${out}: expected a file ending in .yaml`);
      requireReplaceable(out, DESCRIPTION);
      refuseAnother(out, name);
    }
    const shown = Object.fromEntries(params.map(readParameter));
    if (!existsSync(folder)) throw new UserError(`there is no folder ${folder}`);
    const problems = measured ?? manifestAbove(resolve(folder));
    if (problems === null)
      throw new UserError(
        `no ${MANIFEST} in ${folder} or above it; name the folder that tweedie measure has written: --measured`,
      );
    const matched = matchPictures(resolve(folder), resolve(problems));
    refuseNone(matched, folder);
    const pathFor = (path: string) =>
      out === undefined ? resolve(path) : relative(dirname(resolve(out)), resolve(path)) || '.';
    const imported = {
      name,
      ...(title !== undefined && { title }),
      ...(citation !== undefined && { citation }),
      folder: pathFor(folder),
      measured: pathFor(problems),
      ...(params.length > 0 && { params: shown }),
    };
    if (out !== undefined)
      await writeOutput(out, DESCRIPTION, (temporary) => writeFile(temporary, stringify({ imported })));
    const unknown = unknownOf(matched);
    if (json) {
      const { pictures, missing } = matched;
      return sayJson(
        { matched: pictures.size, missing: [...missing.values()], unknown, imported, out: out ?? null },
        2,
      );
    }
    const tell = out === undefined ? warn : say;
    for (const line of summary(matched, unknown)) tell(printable(line));
    if (out === undefined) say(stringify([{ imported }]).trimEnd());
    else
      say(
        `written to ${printable(out)}; in an experiment: plugins: [${printable(out)}], and ${printable(name)} under solvers`,
      );
  },
};
export default command;

/** A name of a picture that no problem has, and what it probably meant. */
interface Unknown {
  readonly file: string;
  readonly nearest: string;
}

function unknownOf({ unknown, entries }: Matched): Unknown[] {
  const names = [...entries.values()].map(({ name }) => `${name}.png`);
  return unknown.map((file) => ({ file, nearest: closest(file, names) }));
}

function refuseNone({ pictures, missing, unknown }: Matched, folder: string): void {
  if (pictures.size > 0) return;
  const found = unknown.length === 0 ? 'no .png or .npy' : unknown[0];
  throw new UserError(
    `${folder}: none of its pictures is named as a problem: expected ${[...missing.values()][0]} and its like, found ${found}`,
  );
}

function summary({ pictures, missing }: Matched, unknown: readonly Unknown[]): string[] {
  const listed = (names: readonly string[]) =>
    names.slice(0, LISTED).join(', ') + (names.length > LISTED ? ` and ${names.length - LISTED} more` : '');
  const lines = [`${pictures.size} of ${counted(pictures.size + missing.size, 'problem')} have a picture`];
  if (missing.size > 0) lines.push(`missing (failed cells of a run): ${listed([...missing.values()])}`);
  if (unknown.length > 0)
    lines.push(
      `of no problem: ${listed(unknown.map(({ file }) => file))}; the name nearest to the first is ${unknown[0]!.nearest}`,
    );
  return lines;
}

/** The value as YAML reads it: a number, true, false or text. */
function readParameter(assignment: string): [string, unknown] {
  const [, key, written] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
  if (key === undefined) throw new UserError(`--params ${assignment}: expected key=value`);
  const value = yamlOf(written!);
  const isPlain = ['number', 'boolean', 'string'].includes(typeof value);
  if (!isPlain) throw new UserError(`--params ${assignment}: expected a number, true, false or a text`);
  return [key, value];
}

/** undefined for what is no YAML: a text that begins as a list, say. */
function yamlOf(written: string): unknown {
  try {
    return parse(written);
  } catch {
    return undefined;
  }
}

/** An entry that experiments name may go only for another of its name. */
function refuseAnother(out: string, name: string): void {
  const there = bytesOfFile(out)?.toString('utf8');
  const entry = there === undefined ? undefined : yamlOf(there);
  const { data } = ENTRY.safeParse(entry);
  if (data && data.imported.name !== name)
    throw new UserError(
      `--out ${out}: has the entry of ${quoted(data.imported.name)}, which ${quoted(name)} would replace; name another file`,
    );
}

const ENTRY = z.object({ imported: z.object({ name: z.string() }) });
