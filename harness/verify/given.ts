import { join } from 'node:path';
import type { z } from 'zod';
import type { Device } from '../engine/device.ts';
import type { Tensor } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { FeatureMatrix } from '../metrics/feature-matrix.ts';
import { readJson } from '../networks/config-file.ts';
import { SafetensorsFile } from '../networks/safetensors.ts';
import { assetPath } from './assets.ts';
import { jittered } from './jitter.ts';
import { type Case, type CaseManifest, describeTensor } from './manifest.ts';
import type { Network, NetworkKind, Networks } from './network.ts';
import { Unsupported } from './unsupported.ts';
import { toDoubles, toTensor, type Values } from './values.ts';

/** Where a case lies, and what its set shares. */
export interface Surroundings {
  /** The item's folder. */
  readonly folder: string;
  readonly manifest: CaseManifest;
  readonly networks: Networks;
  /** Searched after the item's folder. */
  readonly assetFolders: readonly string[];
  readonly device: Device;
}

/** What an entry is given of its case. Arguments are named as the entry names them. */
export class Given {
  readonly device: Device;
  readonly #case: Case;
  readonly #surroundings: Surroundings;
  readonly #jitter: number;
  #file: SafetensorsFile | null = null;

  /** @param jitter 0: the inputs as they are; else they are moved by float32 rounding, each number another way */
  constructor(stated: Case, surroundings: Surroundings, jitter = 0) {
    this.device = surroundings.device;
    this.#case = stated;
    this.#surroundings = surroundings;
    this.#jitter = jitter;
  }

  get params(): Readonly<Record<string, unknown>> {
    return this.#case.params;
  }

  /** Whether the argument is one of the case's inputs. */
  has(argument: string): boolean {
    return this.#case.inputs.includes(this.tensorName(argument));
  }

  /** The tensor that an argument is bound to. */
  tensorName(argument: string): string {
    const { bind } = this.#case;
    return Object.hasOwn(bind, argument) ? bind[argument]! : argument;
  }

  /** The argument that a tensor is bound to. */
  argumentOf(tensor: string): string {
    const bound = Object.entries(this.#case.bind).find(([, name]) => name === tensor);
    return bound ? bound[0] : tensor;
  }

  /** An argument's values. Throws UserError for a tensor that is missing or not what the manifest says. */
  values(argument: string): Values {
    return this.stored(this.tensorName(argument));
  }

  /** The same on the device. */
  tensor(argument: string): Tensor {
    const { shape, data } = this.values(argument);
    if (this.#jitter === 0 || !(data instanceof Float32Array)) return toTensor({ shape, data });
    return toTensor({ shape, data: jittered(data, this.#jitter) });
  }

  /** A matrix in double precision. Throws UserError for an array of another rank. */
  matrix(argument: string): FeatureMatrix {
    const values = this.values(argument);
    const [rows, columns] = values.shape;
    if (values.shape.length !== 2)
      throw new UserError(`${argument} has shape [${values.shape}]; expected a matrix`);
    return { rows: rows!, columns: columns!, data: toDoubles(values) };
  }

  /** A tensor of the case's file by its own name. */
  stored(name: string): Values {
    this.#file ??= new SafetensorsFile(this.#path);
    const data = this.#file.read(name);
    const { dtype, shape } = this.#file.entries.get(name)!;
    const described = describeTensor(this.#surroundings.manifest, this.#case.file, name);
    const found = `${dtype} [${shape}]`;
    const expected = `${described.dtype ?? dtype} [${described.shape ?? shape}]`;
    if (found !== expected)
      throw new UserError(`${this.#path}: tensor '${name}' is ${found}; the manifest says ${expected}`);
    return { shape, data };
  }

  /** The case's file where it is JSON. */
  json(): unknown {
    return readJson(this.#path);
  }

  network<S extends z.ZodType>(kind: NetworkKind<S>): Network<z.infer<S>> {
    const { network } = this.#case;
    if (!network) throw new UserError('the case names no network');
    return this.#surroundings.networks.open(network, kind);
  }

  hasNetwork(part: string): boolean {
    return Object.hasOwn(this.#case.networks, part);
  }

  /** A network of a whole run, by the part that it plays. */
  networkOf<S extends z.ZodType>(part: string, kind: NetworkKind<S>): Network<z.infer<S>> {
    const network = this.#case.networks[part];
    if (!network) throw new UserError(`networks has no '${part}'`);
    if (Array.isArray(network)) throw new Unsupported(`networks.${part}: several`);
    return this.#surroundings.networks.open(network, kind);
  }

  /** The path of an asset that the case names. */
  asset(name: string): string {
    const asset = this.#case.assets.find((candidate) => candidate.name === name);
    if (!asset) throw new Unsupported(`assets does not name ${name}`);
    return assetPath(asset, [this.#surroundings.folder, ...this.#surroundings.assetFolders]);
  }

  close(): void {
    this.#file?.close();
  }

  get #path(): string {
    return join(this.#surroundings.folder, this.#case.file);
  }
}
