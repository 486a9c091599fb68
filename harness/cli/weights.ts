import Table from 'cli-table3';
import type { CommandModule } from 'yargs';
import { fileSha256 } from '../networks/file-hash.ts';
import { byteSize } from '../text/byte-size.ts';
import { NAME, printable } from '../text/terminal.ts';
import { addWeights } from '../weights/add.ts';
import { type Checked, checkWeights } from '../weights/check.ts';
import { convertWeights, FLOAT_TYPES, type FloatType } from '../weights/convert.ts';
import { fetchWeights } from '../weights/fetch.ts';
import { takeInventory } from '../weights/inventory.ts';
import { weightsFolder } from '../weights/location.ts';
import { manifestOf } from '../weights/manifest.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { say, sayJson, warnInPlace } from './say.ts';

interface JsonOption extends GlobalOptions {
  json: boolean;
}

const json = { type: 'boolean', default: false, describe: 'Print one JSON document' } as const;
const weightsName = { type: 'string', demandOption: true } as const;

const list: CommandModule<GlobalOptions, JsonOption> = {
  command: 'list',
  describe: 'Known weights: what is here, and where the rest comes from',
  builder: (yargs) => yargs.option('json', json),
  handler(options) {
    const rows = takeInventory();
    if (options.json) {
      sayJson({ folder: weightsFolder(), weights: rows }, 2);
      return;
    }
    const table = new Table({
      head: ['name', 'state', 'size', 'licence', 'here, or from'],
      style: { head: [], border: [] },
    });
    for (const { name, manifest, availability, bytes, path } of rows) {
      const licence = manifest?.licence.replace(/[;(].*/, '').trim() ?? '';
      const where = availability === 'missing' && manifest ? manifest.source : path;
      table.push([
        name,
        availability,
        bytes ? byteSize(bytes) : '',
        printable(licence),
        printable(where ?? ''),
      ]);
    }
    say(`weights folder: ${weightsFolder()}\n${table.toString()}`);
  },
};

const add: CommandModule<GlobalOptions, GlobalOptions & { name: string; path: string; copy: boolean }> = {
  command: 'add <name> <path>',
  describe: 'Register a file or folder that you have; it stays where it is',
  builder: (yargs) =>
    yargs
      .positional('name', { ...weightsName, describe: 'Known weights, or a name of your own' })
      .positional('path', { ...weightsName, describe: 'The file or folder' })
      .option('copy', { type: 'boolean', default: false, describe: 'Copy it into the weights folder' }),
  handler({ name, path, copy }) {
    say(`${name}: ${addWeights(name, path, { copy })}`);
  },
};

const check: CommandModule<GlobalOptions, JsonOption & { target: string }> = {
  command: 'check <target>',
  describe: 'Compare sizes, hashes and tensors with what they should be',
  builder: (yargs) =>
    yargs
      .positional('target', { ...weightsName, describe: 'Known or registered weights, a file or a folder' })
      .option('json', json),
  handler(options) {
    const checked = checkWeights(options.target);
    if (!checked.ok) process.exitCode = 1;
    if (options.json) sayJson(checked, 2);
    else printCheck(checked);
  },
};

interface ConvertArguments extends GlobalOptions {
  input: string;
  output: string;
  dtype: FloatType | undefined;
  section: string | undefined;
}

const convert: CommandModule<GlobalOptions, ConvertArguments> = {
  command: 'convert <input> <output>',
  describe: 'PyTorch file, shards or safetensors to one safetensors file',
  builder: (yargs) =>
    yargs
      .positional('input', { ...weightsName, describe: '.pt, .pth, .ckpt, .bin or .safetensors' })
      .positional('output', { ...weightsName, describe: '.safetensors' })
      .option('dtype', {
        choices: Object.keys(FLOAT_TYPES) as FloatType[],
        describe: 'What numbers with fractions become; kept by default',
      })
      .option('section', {
        type: 'string',
        requiresArg: true,
        describe: 'Which dictionary of a checkpoint that has several, e.g. model_ema or ema.shadow',
      }),
  handler({ input, output, dtype, section }) {
    const { tensors, bytes, prefix } = convertWeights(input, output, { dtype, section });
    if (prefix !== '') say(`${printable(prefix)}. was before every name and is left out`);
    say(`${printable(output)}: ${tensors} tensors, ${byteSize(bytes)}, sha256 ${fileSha256(output)}`);
  },
};

const fetchCommand: CommandModule<GlobalOptions, GlobalOptions & { name: string }> = {
  command: 'fetch <name>',
  describe: 'Download the files of known weights that are missing',
  builder: (yargs) => yargs.positional('name', { ...weightsName, describe: 'See tweedie weights list' }),
  async handler({ name }) {
    const { licence, source } = manifestOf(name);
    say(`${name}: ${source}, licence: ${licence}`);
    const progress = progressLine();
    for await (const { path, found, fetched } of fetchWeights(name, { progress: progress.show })) {
      progress.clear();
      const state = found.state === 'unverified' ? 'no hash known to compare with' : found.state;
      say(`${path}: ${fetched ? 'fetched' : 'was there'}, ${state}`);
    }
  },
};

/** `tweedie weights`: files that tweedie needs and does not carry. */
const command: Command<GlobalOptions> = {
  builder: (yargs) =>
    yargs
      .command(list)
      .command(add)
      .command(check)
      .command(convert)
      .command(fetchCommand)
      .demandCommand(1, 'give one of list, add, check, convert, fetch')
      .example('$0 weights list', 'what is here')
      .example('$0 weights add stable-diffusion-1.5 ~/models/sd15', 'a folder that you have')
      .example('$0 weights check ~/models/sd15', 'does every tensor fit the configs?')
      .example('$0 weights convert ffhq_10m.pt ffhq_10m.safetensors', 'no pickle any more')
      .example('$0 weights fetch lpips-vgg-heads', 'from its publisher, verified'),
  handler: () => {},
};

export default command;

function printCheck({ files, networks, ok }: Checked): void {
  for (const { path, found } of files) {
    if (found.state === 'missing') say(`missing     ${printable(path)}`);
    else if (found.state === 'wrong') say(`wrong       ${printable(found.problem)}`);
    else say(`${found.state.padEnd(11)} ${printable(path)}  ${found.bytes} bytes, sha256 ${found.sha256}`);
  }
  for (const { path, network, tensors, problems } of networks) {
    const what = network ? `those of ${network}` : 'nothing says which there should be';
    if (problems.length === 0) say(`${String(tensors).padStart(4)} tensors ${printable(path)}  ${what}`);
    for (const problem of problems) say(`wrong       ${printable(`${path}: ${problem}`)}`);
  }
  say(ok ? 'nothing is wrong' : 'not all is well');
}

function progressLine() {
  return {
    show: ({ path }: { path: string }, done: number, total: number | undefined) =>
      warnInPlace(`${printable(path, NAME)}  ${byteSize(done)}${total ? ` of ${byteSize(total)}` : ''}`),
    clear: () => warnInPlace(''),
  };
}
