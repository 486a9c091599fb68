import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { parseConfig } from '../networks/config-file.ts';
import { loadWeights, type MakeConstant } from '../networks/load-weights.ts';
import type { ParamSpec } from '../networks/parameter-shapes.ts';
import type { NetworkParams } from '../networks/params.ts';
import { SafetensorsFile } from '../networks/safetensors.ts';
import { type NamedTensor, writeSafetensors } from '../networks/safetensors-writer.ts';
import { type NetworkReference, readManifest } from './manifest.ts';
import { RULE_KINDS, ruleParameter } from './rule-weights.ts';
import { Unsupported } from './unsupported.ts';

/** How a network's config is read and which parameters it then has. */
export interface NetworkKind<S extends z.ZodType> {
  readonly schema: S;
  parameters(config: z.infer<S>): readonly ParamSpec[];
  /** Current name of a tensor that older files name otherwise. */
  readonly rename?: (name: string) => string;
}

export interface Network<C> {
  readonly config: C;
  readonly params: NetworkParams;
}

const ruleSchema = z.strictObject({
  prefix: z.string(),
  gain: z.number().positive(),
  /** The kind of a parameter, by the end of its name. */
  kinds: z.record(z.string(), z.enum(RULE_KINDS)),
});

const configSchema = z.object({
  /** As the reference class takes it; some networks have none. */
  config: z.unknown().optional(),
  /** A safetensors file, from the item's folder. */
  weights: z.string().optional(),
  rule: ruleSchema.optional(),
  parameters: z.record(z.string(), z.array(z.number().int().nonnegative())).optional(),
  weight_rule_scale: z.number().optional(),
  embedding_scale: z.number().optional(),
});
type Config = z.infer<typeof configSchema>;

/** The networks of a set of items, each loaded once. Weights that no file holds are written to one first. */
export class Networks {
  readonly #root: string;
  readonly #makeConstant: MakeConstant;
  readonly #loaded = new Map<string, { network: Network<unknown>; dispose(): void }>();
  readonly #files = new Map<string, string>();
  #scratch: string | null = null;

  /** @param root the folder that holds the item folders */
  constructor(root: string, makeConstant: MakeConstant) {
    this.#root = root;
    this.#makeConstant = makeConstant;
  }

  /** Throws UserError for a missing config or file and for weights that do not fit the config. */
  open<S extends z.ZodType>(reference: NetworkReference, kind: NetworkKind<S>): Network<z.infer<S>> {
    const key = JSON.stringify(reference);
    let entry = this.#loaded.get(key);
    if (!entry) {
      const stated = this.#config(reference);
      const where = `${reference.item}: configs.${reference.config}`;
      const config = parseConfig(where, stated.config ?? {}, kind.schema);
      const path = this.#weightsFile(reference, stated);
      const { params, dispose } = loadWeights(path, kind.parameters(config), this.#makeConstant, {
        rename: kind.rename,
      });
      entry = { network: { config, params }, dispose };
      this.#loaded.set(key, entry);
    }
    return entry.network as Network<z.infer<S>>;
  }

  dispose(): void {
    for (const { dispose } of this.#loaded.values()) dispose();
    if (this.#scratch) rmSync(this.#scratch, { recursive: true });
  }

  #config({ item, config }: NetworkReference): Config {
    const path = join(this.#root, item, 'manifest.json');
    const stated = readManifest(path).configs?.[config];
    if (stated === undefined) throw new UserError(`${path}: configs has no '${config}'`);
    return parseConfig(`${path}: configs.${config}`, stated, configSchema);
  }

  /** The one file that a network's weights are read from, as a user's would be. */
  #weightsFile({ item, config, overlay }: NetworkReference, stated: Config): string {
    const folder = join(this.#root, item);
    const base = stated.weights
      ? join(folder, stated.weights)
      : this.#written(JSON.stringify([item, config]), () =>
          filledByRule(`${item}: configs.${config}`, stated),
        );
    if (!overlay) return base;
    return this.#written(JSON.stringify([item, config, overlay]), () => {
      const kept = readAll(base).filter(({ name }) => !overlay.removes.includes(name));
      const added = readAll(join(folder, overlay.file));
      const replaced = new Set(added.map(({ name }) => name));
      return [...kept.filter(({ name }) => !replaced.has(name)), ...added];
    });
  }

  #written(key: string, make: () => readonly NamedTensor[]): string {
    const known = this.#files.get(key);
    if (known) return known;
    this.#scratch ??= mkdtempSync(join(tmpdir(), 'tweedie-verify-'));
    const path = join(this.#scratch, `${this.#files.size}.safetensors`);
    writeSafetensors(path, make());
    this.#files.set(key, path);
    return path;
  }
}

function readAll(path: string): NamedTensor[] {
  const file = new SafetensorsFile(path);
  try {
    return [...file.entries].map(([name, { shape }]) => ({ name, shape, data: file.readFloat32(name) }));
  } finally {
    file.close();
  }
}

function filledByRule(where: string, { rule, parameters, ...scales }: Config): NamedTensor[] {
  if (!rule || !parameters) throw new UserError(`${where}: expected weights, or rule and parameters`);
  const suffixes = Object.keys(rule.kinds).sort((a, b) => b.length - a.length);
  const factors = { scale: scales.weight_rule_scale, embeddingScale: scales.embedding_scale };
  return Object.entries(parameters).map(([name, shape]) => {
    const suffix = suffixes.find((end) => name.endsWith(end));
    if (suffix === undefined) throw new Unsupported(`${where}: rule.kinds has no ending of '${name}'`);
    const data = ruleParameter(rule.prefix + name, shape, rule.kinds[suffix]!, rule.gain, factors);
    return { name, shape, data };
  });
}
