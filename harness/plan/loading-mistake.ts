import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { nearest } from '../names.ts';
import { authorsPlace, placeInStack } from '../text/author.ts';
import { describeThrown } from '../text/thrown.ts';
import { PLUGIN_API } from './plugin-api.ts';
import { pluginFiles } from './plugin-files.ts';
import { stripTypes } from './strip-types.ts';

/** Why a plug-in does not load, with the line of the author's file where there is one. */
export async function loadingMistake(thrown: unknown, path: string): Promise<string> {
  const { message, stack } = describeThrown(thrown);
  const missing = /^Cannot find (?:package|module) '([^']+)' imported from (.+)$/.exec(message);
  if (missing) return `${placeOfText(missing[2]!, missing[1]!)}cannot find ${missing[1]}`;
  const unknown = /^The requested module '([^']+)' does not provide an export named '([^']+)'/.exec(message);
  // A TypeScript file's own mistake says where already.
  if (/^\S+:\d+(?::\d+)?: /.test(message)) return message;
  const place = placeInStack(stack) ?? (thrown instanceof SyntaxError ? placeOfSyntaxError(path) : null);
  const before = place === null ? '' : `${place}: `;
  if (!unknown) return `${before}${message}`;
  const [, from, name] = unknown;
  const hint = from === PLUGIN_API.name ? `: ${nearest(name!, await apiNames())}` : '';
  return `${before}${from} exports no "${name}"${hint}`;
}

async function apiNames(): Promise<string[]> {
  return Object.keys((await import(pathToFileURL(PLUGIN_API.file).href)) as object);
}

/** The line of an import: Node names the file alone, and a missing module by its whole path. */
function placeOfText(file: string, specifier: string): string {
  const named = specifier.split('/').at(-1)!;
  const path = file.startsWith('file:') ? new URL(file).pathname : file;
  const lines = readFileSync(path, 'utf8').split('\n');
  const line = lines.findIndex((text) => /\b(?:from|import)\b/.test(text) && text.includes(named));
  const place = line < 0 ? null : authorsPlace(path, line + 1);
  return place === null ? '' : `${place}: `;
}

/** Node says where, but only to the terminal: each file is checked by itself. */
function placeOfSyntaxError(path: string): string | null {
  for (const [file, content] of pluginFiles(path)) {
    if (authorsPlace(file, 1) === null) continue;
    const text = content.toString('utf8');
    const input = /\.m?ts$/.test(file) ? stripTypes(text, file) : text;
    const { stderr } = spawnSync(process.execPath, ['--check', '--input-type=module', '-'], {
      input,
      encoding: 'utf8',
    });
    const line = /^\[stdin\]:(\d+)/m.exec(stderr)?.[1];
    if (line !== undefined) return authorsPlace(file, Number(line));
  }
  return null;
}
