import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import { type Dataset, type DatasetItem, SPLIT_NAMES, type Split } from '../data/dataset.ts';
import { openDataset } from '../data/index.ts';
import { manifestOf } from '../data/manifest.ts';
import { UserError } from '../errors.ts';
import { type OutputKind, PNG_OUTPUT, requireReplaceable, writeOutput } from '../output-file.ts';
import { contactSheet } from '../pictures/contact-sheet.ts';
import { type Image8, toImage8 } from '../pictures/image8.ts';
import { inColours } from '../pictures/palette.ts';
import { MAX_PIXELS } from '../pictures/picture-content.ts';
import { writePng } from '../pictures/picture-file.ts';
import { printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { pluginOption, registriesWithFiles } from './plugin-option.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  name: string;
  split: Split;
  count: number;
  size: number;
  out: string | undefined;
  sheet: boolean;
  columns: number;
  zoom: number;
  labels: boolean;
  manifest: string | undefined;
  plugin: string[];
  json: boolean;
}

const CAPTIONS: OutputKind = { name: 'captions', begins: /^\{"id":/ };
const MANIFEST: OutputKind = { name: 'a manifest', begins: /^\{\s*"name":\s*"[^"]*",\s*"height":/ };

/** `tweedie dataset`: the pictures of a data set as files to look at. */
const command: Command<Options> = {
  builder: (yargs) =>
    yargs
      .positional('name', {
        type: 'string',
        demandOption: true,
        describe: 'A data set (see tweedie list datasets), or a folder of your own pictures',
      })
      .option('split', { choices: SPLIT_NAMES, default: 'test' as Split, describe: 'Part of the data set' })
      .option('count', { type: 'number', default: 40, describe: 'The first so many pictures' })
      .option('size', { type: 'number', default: 64, describe: 'Side of the square pictures, in pixels' })
      .option('out', {
        type: 'string',
        describe: 'Folder to write to; by default datasets/<name> in the results folder',
      })
      .option('sheet', { type: 'boolean', default: true, describe: 'Also write one picture of them all' })
      .option('columns', { type: 'number', default: 8, describe: 'Pictures in a row of the sheet' })
      .option('zoom', { type: 'number', default: 2, describe: 'Enlargement of each pixel on the sheet' })
      .option('labels', {
        type: 'boolean',
        default: false,
        describe:
          'Also write label maps (8 bits a pixel: the index of a class), and a sheet of them in colours',
      })
      .option('manifest', {
        type: 'string',
        describe: 'Instead, write the sha256 of the pictures to this file',
      })
      .option('plugin', pluginOption)
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 dataset toyfaces', 'the first 40 test pictures, captions and a contact sheet')
      .example('$0 dataset toyfaces --split train --count 100 --out faces', '100 training pictures')
      .example('$0 dataset toyfaces --labels', 'which part of a face each pixel is, too')
      .example('$0 dataset gradients --plugin gradients.ts', 'a data set of your own')
      .example('$0 dataset ~/portraits --size 256', 'your own pictures, as a solver would see them')
      .example('$0 dataset toyfaces --manifest datasets/toyfaces/manifest.json', 'what the set must contain'),
  handler: async (options) => {
    for (const key of ['count', 'size', 'columns', 'zoom'] as const) positive(key, options[key]);
    refuseManyPixels('size', options.size ** 2);
    const dataset = open(options.name, (await registriesWithFiles(options.plugin)).datasets);
    if (options.labels && !dataset.labels) throw new UserError(`${dataset.name} has no labels`);
    if (options.manifest === undefined) await writePictures(dataset, options);
    else await writeManifest(dataset, options.manifest, options);
  },
};

export default command;

function open(name: string, known: ReadonlyMap<string, Dataset>): Dataset {
  const isPath = !known.has(name) && (existsSync(name) || /[\\/]/.test(name));
  return openDataset(isPath ? { folder: name } : { set: name }, known);
}

function positive(key: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new UserError(`--${key}: expected a whole number from 1 up, found ${value}`);
  }
}

function refuseManyPixels(key: string, pixels: number): void {
  if (pixels <= MAX_PIXELS) return;
  throw new UserError(
    `--${key}: asks for a picture of ${pixels} pixels; expected at most ${MAX_PIXELS / 1e6} million`,
  );
}

async function writePictures(dataset: Dataset, options: Options): Promise<void> {
  const ids = await dataset.ids(options.split);
  if (ids.length === 0) {
    throw new UserError(
      `${dataset.name} has no pictures in the split ${options.split}; a folder has only test`,
    );
  }
  const out = options.out ?? join(options.results, 'datasets', dataset.name);
  const size = { height: options.size, width: options.size };
  const count = Math.min(options.count, ids.length);
  // Beside each picture lies a gap of two enlarged pixels.
  if (options.sheet) refuseManyPixels('zoom', count * (options.zoom * (options.size + 2)) ** 2);
  const written: { file: string; item: DatasetItem }[] = [];
  for (const id of ids.slice(0, count)) {
    const item = await dataset.item(id, size);
    const file = join(out, pngName(options.split, id));
    requireReplaceable(file, PNG_OUTPUT);
    await writePng(file, picture(item));
    written.push({ file, item });
  }
  const labels = options.labels ? await writeLabels(dataset, written, out, options) : null;
  const rows = written.map(({ file, item: { id, caption, sha256 } }) => ({ id, file, caption, sha256 }));
  const captions = join(out, 'captions.jsonl');
  await writeText(
    captions,
    CAPTIONS,
    rows.map((row) => `${JSON.stringify({ ...row, file: relative(out, row.file) })}\n`).join(''),
  );
  const sheet = options.sheet ? join(out, `sheet-${options.split}.png`) : null;
  if (sheet) {
    const pictures = written.map(({ item }) => picture(item));
    await writeSheet(sheet, pictures, options);
  }
  if (options.json) {
    sayJson({
      name: dataset.name,
      split: options.split,
      of: ids.length,
      captions,
      sheet,
      ...(labels && { labels }),
      items: rows,
    });
    return;
  }
  const name = printable(dataset.name);
  say(`${name}/${options.split}: wrote ${rows.length} of ${ids.length} pictures to ${printable(out)}`);
  say(`captions:      ${printable(captions)}`);
  if (sheet) say(`contact sheet: ${printable(sheet)}`);
  if (labels) say(`labels:        ${printable(labels.folder)} (${labels.classes.join(', ')})`);
}

async function writeSheet(
  file: string,
  pictures: readonly Image8[],
  { columns, zoom }: Options,
): Promise<void> {
  requireReplaceable(file, PNG_OUTPUT);
  await writePng(file, contactSheet(pictures, { columns, zoom, gap: 2 * zoom }));
}

async function writeLabels(
  dataset: Dataset,
  pictures: readonly { readonly item: DatasetItem }[],
  out: string,
  options: Options,
): Promise<{ folder: string; classes: readonly string[] }> {
  const folder = join(out, 'labels');
  const shown: Image8[] = [];
  let classes: readonly string[] = [];
  for (const { item } of pictures) {
    const map = await dataset.labels!(item.id, item);
    const file = join(folder, pngName(options.split, item.id));
    requireReplaceable(file, PNG_OUTPUT);
    await writePng(file, { ...map, channels: 1 });
    shown.push(inColours(map));
    classes = map.classes;
  }
  if (options.sheet) await writeSheet(join(out, `sheet-${options.split}-labels.png`), shown, options);
  return { folder, classes };
}

async function writeManifest(dataset: Dataset, file: string, options: Options): Promise<void> {
  requireReplaceable(file, MANIFEST);
  const manifest = await manifestOf(dataset, { height: options.size, width: options.size });
  await writeText(file, MANIFEST, `${JSON.stringify(manifest, null, 1)}\n`);
  if (options.json) sayJson(manifest);
  else say(`${printable(dataset.name)}: manifest written to ${printable(file)}`);
}

function picture(item: DatasetItem) {
  return toImage8(item.image, [3, item.height, item.width]);
}

/** `test/00012` and `cat.jpg` become `test/00012.png` and `test/cat.jpg.png`: no two pictures share a file. */
function pngName(split: Split, id: string): string {
  const name = basename(id);
  return join(split, extname(name).toLowerCase() === '.png' ? name : `${name}.png`);
}

function writeText(file: string, kind: OutputKind, text: string): Promise<void> {
  return writeOutput(file, kind, (temporary) => writeFile(temporary, text));
}
