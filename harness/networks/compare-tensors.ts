import { UserError } from '../errors.ts';
import { namePrefixes } from './name-prefix.ts';
import { nearestTensor } from './nearest-tensor.ts';
import type { ParamSpec } from './parameter-shapes.ts';
import { listed, shown } from './shown.ts';
import { isWeightType, type TensorEntry } from './tensor-types.ts';

/** What a network asks of its file. */
export interface ExpectedTensors {
  readonly specs: readonly ParamSpec[];
  /** Current name of a tensor that older files name otherwise. */
  readonly rename?: ((name: string) => string) | undefined;
  /** Tensors that files carry and the network does not read. */
  readonly ignore?: ((name: string) => boolean) | undefined;
  /** Which dictionary of tensors, of a file that has several: see `openTensorFile`. */
  readonly section?: string | undefined;
}

/** Buffers that checkpoints of text encoders carry. */
export const isPositionIds = (name: string): boolean => /(^|\.)position_ids$/.test(name);

/** What files of a CLIP hold beside its text encoder. */
export const isBesideText = (name: string): boolean =>
  isPositionIds(name) || /^(logit_scale$|text_projection\.|visual_projection\.|vision_model\.)/.test(name);

/** What files of a CLIP hold beside its image encoder. */
export const isBesideImage = (name: string): boolean =>
  isPositionIds(name) || /^(logit_scale$|text_projection\.|text_model\.)/.test(name);

/** Nearest names are looked for so often at most: a file of another network has thousands of strangers. */
const NAMED = 20;

/**
 * How a file's tensors differ from those that a network has, one line each: missing and unknown ones with the nearest
 * name of the other side, an old and a current name of one tensor, wrong shapes, types that no weights have. Empty: they
 * agree. An unknown tensor whose type could not be that of weights (a counter, a seed, a mask) lies there for other programs
 * and is passed over.
 */
export function compareTensors(
  { specs, rename = (name) => name, ignore = () => false, section }: ExpectedTensors,
  entries: ReadonlyMap<string, TensorEntry>,
): string[] {
  const read = [...entries.keys()].filter((name) => !ignore(name));
  const stored = new Map(read.map((name) => [rename(name), name]));
  const wanted = new Map(specs.map((spec) => [spec.name, spec]));
  const missing = specs.filter(({ name }) => !stored.has(name)).map(({ name }) => name);
  if (missing.length > 0) {
    const prefixes = namePrefixes(specs, rename, [...entries.keys()]);
    if (prefixes.length > 0) return [remedyFor(prefixes, section)];
  }
  const unknown = [...stored]
    .filter(([name, inFile]) => !wanted.has(name) && isWeightType(entries.get(inFile)!.dtype))
    .map(([, inFile]) => inFile);
  const problems = missing.map((name, i) => {
    const hint = i < NAMED ? near(name, unknown, 'the nearest that has no place is') : '';
    return `tensor '${name}' [${wanted.get(name)!.shape}] is missing${hint}`;
  });
  for (const [i, name] of unknown.entries()) {
    const hint = i < NAMED ? near(name, missing, 'the nearest that is missing is') : '';
    problems.push(`tensor '${shown(name)}' [${entries.get(name)!.shape}] has no place in the network${hint}`);
  }
  for (const name of read) {
    const last = stored.get(rename(name))!;
    if (last !== name)
      problems.push(
        `tensors '${shown(name)}' and '${shown(last)}' are one tensor of the network; expected one`,
      );
  }
  for (const { name, shape } of specs) {
    const inFile = stored.get(name);
    if (inFile === undefined) continue;
    const found = entries.get(inFile)!;
    if (!sameShape(found.shape, shape))
      problems.push(`tensor '${inFile}' has shape [${found.shape}]; expected [${shape}]`);
    if (!isWeightType(found.dtype))
      problems.push(`tensor '${inFile}' has type ${found.dtype}; expected F32, F16, BF16 or F64`);
  }
  return problems;
}

/** Throws UserError with the first difference between a file's tensors and those that a network has. */
export function refuseOtherTensors(
  path: string,
  expected: ExpectedTensors,
  entries: ReadonlyMap<string, TensorEntry>,
): void {
  const [first, ...others] = compareTensors(expected, entries);
  if (first === undefined) return;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new UserError(`${path}: ${first}${more}`);
}

function remedyFor(prefixes: readonly string[], section: string | undefined): string {
  const beginnings = listed(prefixes.map((prefix) => `'${prefix}'`));
  const under = [...(section === undefined ? [] : [section]), prefixes[0]!.slice(0, -1)].join('.');
  return `its names begin with ${beginnings}, the network's do not: \`tweedie weights convert FILE NEW.safetensors --section ${under}\` leaves that out`;
}

function near(name: string, others: readonly string[], words: string): string {
  const nearest = nearestTensor(name, others);
  return nearest === undefined ? '' : `; ${words} '${shown(nearest)}'`;
}

/** Old files hold linear layers as 1x1 convolutions: trailing ones do not count. */
function sameShape(found: readonly number[], expected: readonly number[]): boolean {
  return expected.every((n, i) => found[i] === n) && found.slice(expected.length).every((n) => n === 1);
}
