import { createWriteStream } from 'node:fs';
import { extname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Table from 'cli-table3';
import { lookUp } from '../config/entry.ts';
import { type Device, openDevice, requireDevice } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { readCaptions } from '../evaluate/captions.ts';
import { type Evaluation, evaluate } from '../evaluate/evaluate.ts';
import { scoreFormats } from '../evaluate/output.ts';
import { requireReplaceable, writeOutput } from '../output-file.ts';
import type { Registries } from '../plan/registries.ts';
import { formatFixed } from '../report/numbers.ts';
import { OpenMetrics } from '../scoring/open-metrics.ts';
import { readOverrides } from '../scoring/weight-overrides.ts';
import { printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { pluginOption, registriesWithFiles } from './plugin-option.ts';
import { progressBar } from './progress-bar.ts';
import { say } from './say.ts';

interface Options extends GlobalOptions {
  generated: string;
  reference: string;
  metrics: string;
  pair: 'name' | 'none' | undefined;
  out: string | undefined;
  device: string;
  batch: number;
  weights: string[];
  captions: string | undefined;
  plugin: string[];
  json: boolean;
}

type KnownMetrics = Registries['metrics'];

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .option('generated', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'Folder of pictures',
      })
      .option('reference', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'Folder of truths',
      })
      .option('metrics', {
        type: 'string',
        requiresArg: true,
        default: 'psnr,ssim',
        describe:
          'Names separated by commas, of metrics of pictures (not of labels); see tweedie list metrics',
      })
      .option('pair', {
        choices: ['name', 'none'] as const,
        describe:
          'By file name, whatever the extension (needed where single pictures are compared), or not at all',
      })
      .option('out', { type: 'string', requiresArg: true, describe: 'File for every number: .csv or .json' })
      .option('device', { type: 'string', requiresArg: true, default: 'cpu', describe: 'Where networks run' })
      .option('batch', { type: 'number', requiresArg: true, default: 8, describe: 'Pictures at a time' })
      .option('weights', {
        type: 'string',
        array: true,
        requiresArg: true,
        default: [] as string[],
        describe:
          'NAME=FILE: take this file (or folder) for weights of that name; its hash becomes part of the protocol',
      })
      .option('captions', {
        type: 'string',
        requiresArg: true,
        describe:
          'What the pictures should show: lines {"file": ..., "caption": ...}, as tweedie dataset writes',
      })
      .option('plugin', pluginOption)
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document, no progress' })
      .example('$0 evaluate --generated out --reference truth', 'PSNR and SSIM of pictures of the same names')
      .example('$0 evaluate --generated out --reference truth --metrics fid,kid --pair none', 'two sets')
      .example(
        '$0 evaluate --generated out --reference truth --metrics mae --plugin mae.ts',
        'a metric of your own',
      ),
  handler: async (options) => {
    const { generated, reference, batch, out, json, device: deviceName, results } = options;
    if (!Number.isInteger(batch) || batch < 1)
      throw new UserError(`--batch ${batch}: expected a whole number above 0`);
    const write = out === undefined ? null : scoreWriter(out);
    const known = (await registriesWithFiles(options.plugin)).metrics;
    const metrics = options.metrics
      .split(',')
      .map((name) => lookUp(known, name.trim(), 'metric of --metrics'));
    const pair = options.pair ?? (metrics.every(({ level }) => level === 'set') ? 'none' : 'name');
    const weights = readOverrides(options.weights, metricWeights(known));
    const captions = options.captions === undefined ? undefined : readCaptions(options.captions);
    await requireDevice(deviceName);
    let device: Promise<Device> | null = null;
    const open = new OpenMetrics(() => (device ??= openDevice(deviceName)), weights);
    const bar = progressBar('pictures', json);
    let evaluation: Evaluation;
    try {
      evaluation = await evaluate({
        generated,
        reference,
        metrics,
        paired: pair === 'name',
        batch,
        resultsDir: resolve(results),
        open,
        weights,
        captions,
        onProgress: bar.update,
      });
    } finally {
      bar.stop();
      await open.dispose();
      await (device as Promise<Device> | null)?.then((opened) => opened.dispose());
    }
    await write?.(evaluation);
    if (json)
      await pipeline(Readable.from(scoreFormats.json.text(evaluation)), process.stdout, { end: false });
    else
      say([asText(evaluation, known), ...(out === undefined ? [] : [printable(resolve(out))])].join('\n\n'));
  },
};
export default command;

function scoreWriter(out: string): (evaluation: Evaluation) => Promise<void> {
  const extension = extname(out).slice(1);
  const format = Object.entries(scoreFormats).find(([name]) => name === extension)?.[1];
  if (!format) throw new UserError(`--out ${out}: expected a file ending in .csv or .json`);
  requireReplaceable(out, format.output);
  return (evaluation) =>
    writeOutput(out, format.output, (temporary) =>
      pipeline(Readable.from(format.text(evaluation)), createWriteStream(temporary)),
    );
}

function metricWeights(known: KnownMetrics) {
  return [...known.values()].flatMap((metric) =>
    metric.level === 'set' ? metric.extractor.weights : metric.by === 'network' ? metric.weights : [],
  );
}

function asText({ metrics, warnings }: Evaluation, known: KnownMetrics): string {
  const table = new Table({
    head: ['metric', 'value', 'standard error', 'N', 'protocol'],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  for (const metric of metrics) {
    const { name, unit, better, digits, value, standardError, pictures, infinite, fingerprint } = metric;
    const partial = infinite > 0 && infinite < pictures;
    table.push([
      `${known.get(name)?.title ?? name}${unit ? ` (${unit})` : ''} ${better === 'higher' ? '↑' : '↓'}`,
      formatFixed(value, digits) + (partial ? ` (${infinite} ∞ left out)` : ''),
      standardError === null ? '—' : formatFixed(standardError, digits),
      pictures,
      fingerprint,
    ]);
  }
  return [table.toString(), ...warnings.map((text) => `warning: ${printable(text)}`)].join('\n');
}
