import type { Registries } from '../config/registries.ts';
import { SPLIT_NAMES } from '../data/dataset.ts';
import { listDevices } from '../engine/device.ts';
import { type ParameterInfo, parametersOf } from './parameters.ts';

/** One line of `tweedie list`, with its parameters where it has some. */
export interface Listed {
  readonly name: string;
  readonly version?: number;
  readonly description: string;
  readonly parameters?: readonly ParameterInfo[];
  /** What else a machine may want to know. */
  readonly [fact: string]: unknown;
}

const kinds: Record<string, (registries: Registries) => Promise<Listed[]>> = {
  solvers: async ({ solvers }) =>
    [...solvers.values()].map(({ name, version, paper, requires, params }) => ({
      name,
      version,
      description: paper,
      requires,
      parameters: parametersOf(params),
    })),

  tasks: async ({ tasks }) =>
    [...tasks.values()].map(({ name, version, kind, source, baseline, params }) => ({
      name,
      version,
      description: source,
      kind,
      baseline: baseline.name,
      parameters: parametersOf(params),
    })),

  priors: async ({ priors }) =>
    [...priors.values()].map(({ name, version, description, params }) => ({
      name,
      version,
      description,
      parameters: parametersOf(params),
    })),

  datasets: async ({ datasets }) =>
    Promise.all(
      [...datasets.values()].map(async (dataset) => {
        const sizes = await Promise.all(
          SPLIT_NAMES.map(async (split) => [split, (await dataset.ids(split)).length] as const),
        );
        const counts = sizes.map(([split, size]) => `${size} ${split}`).join(', ');
        const description = dataset.description ? `${dataset.description}; ${counts}` : counts;
        return { name: dataset.name, description, splits: Object.fromEntries(sizes) };
      }),
    ),

  metrics: async ({ metrics }) =>
    [...metrics.values()].map(({ name, version, better, unit, protocol }) => ({
      name,
      version,
      description: `${better} is better${unit ? `, in ${unit}` : ''}; ${Object.entries(protocol)
        .map(([key, value]) => `${key} ${value}`)
        .join(', ')}`,
      better,
      unit: unit ?? null,
      protocol,
    })),

  devices: async () =>
    (await listDevices()).map(({ name, available, detail, install }) => ({
      name,
      description: available ? detail : `missing: ${detail}`,
      available,
      ...(install ? { install } : {}),
    })),
};

/** What there is of each kind: `listings.get('solvers')`. */
export const listings: ReadonlyMap<string, (registries: Registries) => Promise<Listed[]>> = new Map(
  Object.entries(kinds),
);
