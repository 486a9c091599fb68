import { SPLIT_NAMES } from '../data/dataset.ts';
import { listDevices } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import type { Params } from '../identity/refs.ts';
import type { AnyMetric } from '../metrics/kinds.ts';
import type { Registries } from '../plan/registries.ts';
import { metricProtocol } from '../scoring/protocol.ts';
import { kindOf, type Solver } from '../solvers/solver.ts';
import { rolesOf } from '../tasks/roles.ts';
import { type ParameterInfo, parametersOf } from './parameters.ts';

/** One line of `tweedie list`, with its parameters where it has some. */
export interface Listed {
  readonly name: string;
  readonly version?: number;
  readonly description: string;
  /** A line on what it is for and what it takes. */
  readonly needs?: string;
  readonly parameters?: readonly ParameterInfo[];
  /** What else a machine may want to know. */
  readonly [fact: string]: unknown;
}

/** A metric's protocol holds the hashes of its weights: without them there is none. */
function describeProtocol(metric: AnyMetric): { protocol: Params | null; missing: string | null } {
  try {
    return { protocol: metricProtocol(metric), missing: null };
  } catch (error) {
    if (error instanceof UserError) return { protocol: null, missing: error.message };
    throw error;
  }
}

/** `to restore; with autoencoder, text, linear`: the kind of task, parts of the prior and properties of the operator. */
function needsOf(solver: Solver): string {
  const required = Object.keys(solver.requires);
  return `to ${rolesOf(kindOf(solver)).does}; with ${required.length > 0 ? required.join(', ') : 'any prior and operator'}`;
}

const kinds: Record<string, (registries: Registries) => Promise<Listed[]>> = {
  solvers: async ({ solvers }) =>
    [...solvers.values()].map((solver) => ({
      name: solver.name,
      version: solver.version,
      description: solver.paper,
      needs: needsOf(solver),
      solves: kindOf(solver),
      requires: solver.requires,
      parameters: parametersOf(solver.params),
    })),

  tasks: async ({ tasks }) =>
    [...tasks.values()].map(({ name, version, kind, source, baseline, params }) => ({
      name,
      version,
      description: source,
      needs: `to ${rolesOf(kind).does}`,
      kind,
      baseline: baseline?.name ?? null,
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
    [...metrics.values()].map((metric) => {
      const { name, version, of, against, level, better, unit } = metric;
      const { protocol, missing } = describeProtocol(metric);
      const choices = Object.entries(protocol ?? {}).map(([key, value]) => `${key} ${value}`);
      const kind = level === 'set' ? 'of a whole set, ' : of === 'labels' ? 'of labels, ' : '';
      return {
        name,
        version,
        description: `${kind}${better} is better${unit ? `, in ${unit}` : ''}; ${missing ?? choices.join(', ')}`,
        of,
        against,
        level,
        better,
        unit: unit ?? null,
        available: missing === null,
        protocol,
      };
    }),

  devices: async () =>
    (await listDevices()).map(({ name, available, detail, precisions, install }) => ({
      name,
      description: available
        ? `${detail}; ${precisions.join(', ')}`
        : `missing: ${detail}; what it needs: ${install}`,
      available,
      precisions,
      ...(install ? { install } : {}),
    })),
};

/** What there is of each kind: `listings.get('solvers')`. */
export const listings: ReadonlyMap<string, (registries: Registries) => Promise<Listed[]>> = new Map(
  Object.entries(kinds),
);
