import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SafetensorsFile } from '../../harness/networks/safetensors.ts';
import { type NamedTensor, writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { EMBEDDED_FOLDER } from '../../harness/priors/embedded.ts';
import { tweedie } from './run-cli.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tweedie-cli-weights-'));
  vi.stubEnv('TWEEDIE_WEIGHTS', join(root, 'weights'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const at = (path: string) => join(root, path);
const fixture = (path: string) => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));

/** A copy of a network of the embedded prior whose tensors went through `change`. */
function networkWith(part: 'unet' | 'vae', change: (tensors: NamedTensor[]) => NamedTensor[]): string {
  const file = 'diffusion_pytorch_model.safetensors';
  const original = new SafetensorsFile(join(EMBEDDED_FOLDER, part, file));
  const tensors = [...original.entries].map(([name, { shape }]) => ({
    name,
    shape,
    data: original.readFloat32(name),
  }));
  original.close();
  mkdirSync(at(part));
  cpSync(join(EMBEDDED_FOLDER, part, 'config.json'), at(`${part}/config.json`));
  writeSafetensors(at(`${part}/${file}`), change(tensors));
  return at(part);
}

describe('tweedie weights list', () => {
  it('shows what is known and registered, and where it lies or comes from', async () => {
    mkdirSync(at('mine'));
    await tweedie('weights', 'add', 'mine', at('mine'));
    const { stdout } = await tweedie('weights', 'list');
    expect(stdout).toContain(`weights folder: ${at('weights')}`);
    expect(stdout).toMatch(/lpips-vgg-heads +│ missing .*BSD-2-Clause.*richzhang/);
    expect(stdout).toMatch(/mine +│ here .*mine/);
  });

  it('prints one JSON document', async () => {
    const { stdout } = await tweedie('weights', 'list', '--json');
    const { folder, weights } = JSON.parse(stdout);
    expect(folder).toBe(at('weights'));
    expect(weights).toContainEqual(expect.objectContaining({ name: 'dps-ffhq256', availability: 'missing' }));
  });

  it('tells partly and wrong from here', async () => {
    for (const file of [
      'stable-diffusion-2.1/model_index.json',
      'lpips-alex-heads/alex.pth',
      'dps-ffhq256/ffhq_10m.pt',
    ]) {
      mkdirSync(at(`weights/${file}/..`), { recursive: true });
      writeFileSync(at(`weights/${file}`), '{}');
    }
    const { weights } = JSON.parse((await tweedie('weights', 'list', '--json')).stdout);
    const stateOf = (name: string) => weights.find((row: { name: string }) => row.name === name).availability;
    expect(['stable-diffusion-2.1', 'lpips-alex-heads', 'dps-ffhq256'].map(stateOf)).toEqual([
      'partly',
      'wrong',
      'here',
    ]);
  });
});

describe('tweedie weights add', () => {
  it('registers where a file lies, and does not copy it', async () => {
    writeFileSync(at('model.pt'), 'anything');
    expect(await tweedie('weights', 'add', 'dps-ffhq256', at('model.pt'))).toMatchObject({
      code: 0,
      stdout: `dps-ffhq256: ${at('model.pt')}`,
    });
    expect(existsSync(at('weights/dps-ffhq256'))).toBe(false);
  });

  it('copies when asked to', async () => {
    writeFileSync(at('model.pt'), 'anything');
    const { stdout } = await tweedie('weights', 'add', 'dps-ffhq256', at('model.pt'), '--copy');
    expect(stdout).toBe(`dps-ffhq256: ${at('weights/dps-ffhq256/ffhq_10m.pt')}`);
    expect(readFileSync(at('weights/dps-ffhq256/ffhq_10m.pt'), 'utf8')).toBe('anything');
    const again = await tweedie('weights', 'add', 'dps-ffhq256', at('model.pt'), '--copy');
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('exists already') });
  });

  it.each([
    ['a path that is not there', ['mine', 'nothing'], 'nothing: no such file or folder'],
    ['a name that is none', ['My Model', '.'], '"My Model": expected a name of small letters'],
    ['a file of another hash', ['torchvision-vgg16', 'package.json'], 'package.json: sha256 is'],
    [
      'a file of another size',
      ['clip-vocabulary', 'package.json'],
      'bpe_simple_vocab_16e6.txt.gz has 1356917',
    ],
    [
      'a file for a folder',
      ['stable-diffusion-1.5', 'package.json'],
      'stable-diffusion-1.5 is a folder of 12 files',
    ],
    [
      'a folder that lacks a file',
      ['stable-diffusion-1.5', 'test'],
      'model_index.json of stable-diffusion-1.5 is not in it',
    ],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await tweedie('weights', 'add', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('tweedie weights check', () => {
  it('finds nothing wrong with a whole pipeline', async () => {
    const { code, stdout } = await tweedie('weights', 'check', EMBEDDED_FOLDER);
    expect(code).toBe(0);
    expect(stdout).toMatch(/tensors .*unet.*those of UNet2DConditionModel/);
    expect(stdout).toMatch(/tensors .*vae.*those of AutoencoderKL/);
    expect(stdout).toMatch(/tensors .*text_encoder.*those of CLIPTextModel/);
    expect(stdout).toContain('nothing is wrong');
  });

  it('finds a tensor under a wrong name, one of a wrong shape and one too many', async () => {
    const folder = networkWith('unet', (tensors) => [
      ...tensors.map((tensor) =>
        tensor.name === 'conv_in.bias'
          ? { ...tensor, name: 'conv_in.bais' }
          : tensor.name === 'conv_out.bias'
            ? { ...tensor, shape: [1, tensor.data.length] }
            : tensor,
      ),
      { name: 'extra', shape: [1], data: Float32Array.of(0) },
    ]);
    const { code, stdout } = await tweedie('weights', 'check', folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /'conv_in.bias' \[\d+\] is missing; the nearest that has no place is 'conv_in.bais'/,
    );
    expect(stdout).toMatch(/'conv_out.bias' has shape \[1,4\]; expected \[4\]/);
    expect(stdout).toMatch(/'extra' \[1\] has no place in the network/);
    expect(stdout).toContain('not all is well');
  });

  it('accepts the older names of an autoencoder', async () => {
    const old: Record<string, string> = {
      to_q: 'query',
      to_k: 'key',
      to_v: 'value',
      'to_out.0': 'proj_attn',
    };
    let renamed = 0;
    const folder = networkWith('vae', (tensors) =>
      tensors.map((tensor) => {
        const name = tensor.name.replace(/to_(?:q|k|v|out\.0)(?=\.)/, (now) => old[now]!);
        if (name !== tensor.name) renamed++;
        return { ...tensor, name };
      }),
    );
    expect(renamed).toBeGreaterThan(0);
    expect((await tweedie('weights', 'check', folder)).code).toBe(0);
  });

  it('reads a file that no config describes, and names damage in it', async () => {
    writeSafetensors(at('x.safetensors'), [{ name: 'a', shape: [1], data: Float32Array.of(1) }]);
    const fine = await tweedie('weights', 'check', at('x.safetensors'));
    expect(fine).toMatchObject({ code: 0 });
    expect(fine.stdout).toMatch(/unverified .* \d+ bytes, sha256 [0-9a-f]{64}\n +1 tensors/);
    writeFileSync(at('x.safetensors'), readFileSync(at('x.safetensors')).subarray(0, 60));
    const { code, stdout } = await tweedie('weights', 'check', at('x.safetensors'));
    expect(code).toBe(1);
    expect(stdout).toMatch(/wrong +.*x.safetensors/);
  });

  it('says which files of known weights are missing', async () => {
    const { code, stdout } = await tweedie('weights', 'check', 'lpips-vgg-heads');
    expect(code).toBe(1);
    expect(stdout).toContain(`missing     ${at('weights/lpips-vgg-heads/vgg.pth')}`);
  });

  it('names the nearest of what is neither name nor path', async () => {
    const { code, stderr } = await tweedie('weights', 'check', 'lpips-vgg-head');
    expect(code).toBe(2);
    expect(stderr).toBe('lpips-vgg-head: no such file, folder or weights: did you mean "lpips-vgg-heads"?');
  });
});

describe('tweedie weights convert', () => {
  it('makes safetensors of a PyTorch file', async () => {
    const { code, stdout } = await tweedie(
      'weights',
      'convert',
      fixture('pytorch-file/state-dict.pt'),
      at('out.safetensors'),
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/out.safetensors: \d+ tensors, .* KiB, sha256 [0-9a-f]{64}/);
    const file = new SafetensorsFile(at('out.safetensors'));
    expect(file.entries.size).toBeGreaterThan(0);
    file.close();
  });

  it('refuses an unknown type', async () => {
    const { code } = await tweedie('weights', 'convert', 'a.pt', 'b.safetensors', '--dtype', 'float8');
    expect(code).toBe(2);
  });
});

it('tweedie weights without a command is one line', async () => {
  const { code, stderr } = await tweedie('weights');
  expect(code).toBe(2);
  expect(stderr.split('\n')).toHaveLength(1);
});
