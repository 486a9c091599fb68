import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import { hasWeights } from '../networks/tensor-files.ts';

/**
 * Paths of the networks' weights. A variant that was asked for is taken of each network that has it; half precision also
 * where it is the only file. Throws UserError where no network has the variant, and where a network has only others.
 */
export function weightsOf(
  folder: string,
  variant: string | undefined,
): Record<'unet' | 'vae' | 'textEncoder', string> {
  const plain = {
    unet: join(folder, 'unet/diffusion_pytorch_model.safetensors'),
    vae: join(folder, 'vae/diffusion_pytorch_model.safetensors'),
    textEncoder: join(folder, 'text_encoder/model.safetensors'),
  };
  if (variant !== undefined && !Object.values(plain).some((path) => hasWeights(variantOf(path, variant)))) {
    const found = [...new Set(Object.values(plain).flatMap(variantsOf))];
    const others = found.length > 0 ? found.join(', ') : 'none';
    throw new UserError(`variant: no weights of ${folder} have the variant ${variant}; found ${others}`);
  }
  const path = (file: string) => {
    if (variant !== undefined && hasWeights(variantOf(file, variant))) return variantOf(file, variant);
    if (hasWeights(file)) return file;
    const half = variantOf(file, 'fp16');
    if (existsSync(half)) return half;
    const variants = variantsOf(file);
    if (variants.length === 0) return file;
    throw new UserError(
      `${file}: is not there; of its variants there are ${variants.join(', ')}: \`variant: ${variants[0]}\` of the prior takes that one`,
    );
  };
  return { unet: path(plain.unet), vae: path(plain.vae), textEncoder: path(plain.textEncoder) };
}

function variantOf(path: string, variant: string): string {
  return path.replace(/safetensors$/, `${variant}.safetensors`);
}

/** Names of the variants of a file that lie beside it, whole or in shards (X.safetensors.index.fp16.json). */
function variantsOf(path: string): string[] {
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const name = basename(path, '.safetensors');
  const whole = new RegExp(`^${name}\\.([\\w-]+)\\.safetensors(\\.index\\.json)?$`);
  const sharded = new RegExp(`^${name}\\.safetensors\\.index\\.([\\w-]+)\\.json$`);
  const found = readdirSync(folder).flatMap((file) => (whole.exec(file) ?? sharded.exec(file))?.[1] ?? []);
  return [...new Set(found)].filter((variant) => !/\d+-of-\d+$/.test(variant));
}
