/** Networks of what a blind task looks for beside the picture: BlindDPS's, or folders of the same form. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { UNKNOWN_MODELS } from '../networks/adm-flags.ts';
import { admParameterShapes, admUnet } from '../networks/adm-unet.ts';
import { loadWeights, type MakeConstant, refuseOtherWeights } from '../networks/load-weights.ts';
import { type Source, sourceOf } from './adm-source.ts';
import { splitOutput } from './ddpm.ts';
import type { UnknownPrior } from './prior.ts';

/** The parameters that name their files. */
type Unknowns = { readonly [name in keyof typeof UNKNOWN_MODELS]?: string | undefined };

/**
 * Those that are named; BlindDPS's files do not say which network they hold.
 * @throws UserError for a network of other channels, and for weights that are not its
 */
export function unknownSources({ kernel, tilt }: Unknowns): (readonly [keyof Unknowns, Source])[] {
  return Object.entries({ kernel, tilt }).flatMap(([key, path]) => {
    if (path === undefined) return [];
    const name = key as keyof Unknowns;
    const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    const source = sourceOf(path, folder ? null : { ...UNKNOWN_MODELS[name] });
    const channels = name === 'kernel' ? 1 : 2;
    if (source.config.in_channels !== channels)
      throw new UserError(
        `guided-diffusion: ${name}: ${path} is a network of ${source.config.in_channels} channels; expected ${channels}`,
      );
    refuseOtherWeights(source.weights, { specs: admParameterShapes(source.config) });
    return [[name, source] as const];
  });
}

/** [c,h,w] */
export function shapeOfUnknown({ config }: Source): [number, number, number] {
  return [config.in_channels, config.image_size, config.image_size];
}

export function openUnknown(source: Source, makeConstant: MakeConstant): UnknownPrior & { dispose(): void } {
  const { config, weights: file } = source;
  const weights = loadWeights(file, admParameterShapes(config), makeConstant);
  return {
    shape: shapeOfUnknown(source),
    predict(x, t) {
      const { noise, variance } = splitOutput(admUnet(weights.params, config, x, t, null));
      return { value: noise, variance };
    },
    dispose: () => weights.dispose(),
  };
}

/** A file or folder that may be left out. */
export function unknownPath(what: string) {
  const description = `of blind tasks: BlindDPS's checkpoint of ${what}, or a folder; left out: its exact prior`;
  return z.string().min(1).optional().meta({ description, localPath: true });
}

/** One sha256 of all that decides the numbers; the picture's own where there is nothing else. */
export function hashWith(picture: string, others: ReturnType<typeof unknownSources>): string {
  if (others.length === 0) return picture;
  const hash = createHash('sha256').update(picture);
  for (const [name, { sha256 }] of others) hash.update(`\n${name} ${sha256()}`);
  return hash.digest('hex');
}
