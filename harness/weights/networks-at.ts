import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type AdmModelName, admConfigOf } from '../networks/adm-flags.ts';
import { admParameterShapes } from '../networks/adm-unet.ts';
import { autoencoderConfigSchema } from '../networks/autoencoder-config.ts';
import { autoencoderParameterShapes } from '../networks/autoencoder-kl.ts';
import { currentAutoencoderName } from '../networks/autoencoder-names.ts';
import { clipConfigSchema } from '../networks/clip-config.ts';
import { clipParameterShapes } from '../networks/clip-model.ts';
import { clipTextParameterShapes } from '../networks/clip-text.ts';
import { clipTextConfigSchema } from '../networks/clip-text-config.ts';
import { type ExpectedTensors, isBesideText, isPositionIds } from '../networks/compare-tensors.ts';
import { readConfigFile } from '../networks/config-file.ts';
import { inceptionShapes } from '../networks/inception-v3.ts';
import { lpipsHeadShapes, lpipsTrunkShapes } from '../networks/lpips.ts';
import { type LpipsNet, lpipsTrunks } from '../networks/lpips-trunks.ts';
import { unetConfigSchema } from '../networks/unet-config.ts';
import { unetParameterShapes } from '../networks/unet2d-condition.ts';
import {
  COMPVIS_FOLDER,
  type CompvisSource,
  compvisNetworks,
  compvisSource,
} from '../priors/compvis-source.ts';
import { readDiffusersFolder } from '../priors/diffusers-folder.ts';
import { networksOf } from '../priors/diffusers-networks.ts';
import { statOf } from './state.ts';

/** A network's file, and the tensors that its config asks for; null: nothing says what should be in it. */
export interface NetworkFile {
  readonly path: string;
  readonly network: string | null;
  readonly expected: ExpectedTensors | null;
}

const unet = (config: z.infer<typeof unetConfigSchema>) => ({ specs: unetParameterShapes(config) });
const autoencoder = (config: z.infer<typeof autoencoderConfigSchema>) => ({
  specs: autoencoderParameterShapes(config),
  rename: currentAutoencoderName,
});
const textEncoder = (config: z.infer<typeof clipTextConfigSchema>) => ({
  specs: clipTextParameterShapes(config),
  ignore: isBesideText,
});

/** By `_class_name` (diffusers) or the first of `architectures` (transformers) in a config.json. */
const networks: Readonly<Record<string, (configPath: string) => ExpectedTensors>> = {
  UNet2DConditionModel: (path) => unet(readConfigFile(path, unetConfigSchema)),
  AutoencoderKL: (path) => autoencoder(readConfigFile(path, autoencoderConfigSchema)),
  CLIPTextModel: (path) => textEncoder(readConfigFile(path, clipTextConfigSchema)),
  CLIPModel: (path) => ({
    specs: clipParameterShapes(readConfigFile(path, clipConfigSchema)),
    ignore: isPositionIds,
  }),
};

/** What is in the one file of known weights, by their names. Classifiers' heads are not read. */
const knownFiles: Readonly<Record<string, (path: string) => readonly NetworkFile[]>> = {
  'compvis-ldm-ffhq256': (path) => compvis(compvisSource(path, 'ffhq-ldm-vq-4')),
  'guided-diffusion-imagenet256': (path) => adm(path, 'imagenet-256'),
  'dps-ffhq256': (path) => adm(path, 'ffhq-256'),
  'pytorch-fid-inception': (path) => [
    {
      path,
      network: 'Inception-v3 of FID',
      expected: { specs: inceptionShapes(), ignore: (name) => /^fc\.|\.num_batches_tracked$/.test(name) },
    },
  ],
  'torchvision-alexnet': (path) => trunk(path, 'alex'),
  'torchvision-vgg16': (path) => trunk(path, 'vgg'),
  'torchvision-squeezenet1.1': (path) => trunk(path, 'squeeze'),
  'lpips-alex-heads': (path) => heads(path, 'alex'),
  'lpips-alex-heads-safetensors': (path) => heads(path, 'alex'),
  'lpips-vgg-heads': (path) => heads(path, 'vgg'),
  'lpips-vgg-heads-safetensors': (path) => heads(path, 'vgg'),
  'lpips-squeeze-heads': (path) => heads(path, 'squeeze'),
};

const adm = (path: string, model: AdmModelName): NetworkFile[] => [
  { path, network: `ADM ${model}`, expected: { specs: admParameterShapes(admConfigOf(model, model)) } },
];
const compvis = ({ config, weights: path }: CompvisSource): NetworkFile[] => {
  const { unet, vq } = compvisNetworks(config, false);
  return [
    { path, network: 'UNetModel', expected: unet },
    { path, network: 'VQModelInterface', expected: vq },
  ];
};
const trunk = (path: string, net: LpipsNet): NetworkFile[] => [
  {
    path,
    network: `LPIPS ${net}, trunk`,
    expected: { specs: lpipsTrunkShapes(lpipsTrunks[net]), ignore: (name) => name.startsWith('classifier.') },
  },
];
const heads = (path: string, net: LpipsNet): NetworkFile[] => [
  { path, network: `LPIPS ${net}, heads`, expected: { specs: lpipsHeadShapes(lpipsTrunks[net]) } },
];

const classSchema = z.object({
  _class_name: z.string().optional(),
  architectures: z.array(z.string()).optional(),
});

/**
 * The networks of a pipeline's folder (model_index.json), of an unconditional latent model's (config.yaml), of one network's
 * (config.json), or a file of tensors, with the config beside it if there is one.
 * @param name of known weights, which says what a file holds
 * @throws UserError for a folder that is neither, and for a config that is broken or of another network
 */
export function networksAt(path: string, name?: string): NetworkFile[] {
  const known = name === undefined ? undefined : knownFiles[name]?.(path);
  if (known) return [...known];
  if (!statOf(path)?.isDirectory()) return [networkFile(path)];
  if (existsSync(join(path, 'model_index.json'))) {
    return Object.values(networksOf(readDiffusersFolder(path, { scheduler: 'ddim' })));
  }
  if (existsSync(join(path, COMPVIS_FOLDER.config))) return compvis(compvisSource(path, null));
  const names = ['diffusion_pytorch_model.safetensors', 'model.safetensors', 'pytorch_model.bin'];
  const found = names
    .map((name) => join(path, name))
    .find((file) => existsSync(file) || existsSync(`${file}.index.json`));
  if (found === undefined)
    throw new UserError(`${path}: holds no model: expected model_index.json or ${names.join(' or ')}`);
  return [networkFile(found)];
}

function networkFile(path: string): NetworkFile {
  const configPath = join(dirname(path), 'config.json');
  const isNetwork =
    /^((diffusion_pytorch_model|model)(\.fp16)?\.safetensors|pytorch_model\.bin)(\.index\.json)?$/.test(
      basename(path),
    );
  if (!isNetwork || !existsSync(configPath)) return { path, network: null, expected: null };
  const { _class_name: name, architectures } = readConfigFile(configPath, classSchema);
  const network = name ?? architectures?.[0] ?? null;
  const expect = network === null ? undefined : networks[network];
  return { path, network, expected: expect ? expect(configPath) : null };
}
