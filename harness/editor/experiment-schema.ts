import { z } from 'zod';
import { INCLUDE } from '../config/include.ts';
import { gridRangeSchema, rangeSchema } from '../config/range.ts';
import {
  drawsSchema,
  exclusionSchema,
  experimentSchema,
  groupSchema,
  LISTS,
  labelSchema,
} from '../config/schema.ts';
import { EXECUTORS, SLURM_LISTS, slurmOverrideSchema, slurmSchema } from '../config/slurm.ts';
import type { Registries } from '../plan/registries.ts';
import { tuneSchema } from '../tuning/section.ts';
import { entryOf, gridOf, type Named, parametersOf } from './grid-schema.ts';
import {
  eitherOf,
  type JsonSchema,
  jsonSchemaOf,
  mappingOf,
  NOTHING,
  nameOf,
  oneOrMore,
  refTo,
} from './json-schema.ts';

/** The first line of every schema file. */
export const DRAFT = 'http://json-schema.org/draft-07/schema#';

/**
 * What an experiment file may hold, for editors: every name and parameter in its place, with what it says of itself. What
 * depends on more than one place (a parameter that does not fit the prior's pictures) is the plan's to say.
 */
export function schemaOfExperiments(registries: Registries): JsonSchema {
  const own = jsonSchemaOf(experimentSchema);
  const fields = new Map(
    Object.entries(own.properties ?? {}).map(([key, field]) => [key, field as JsonSchema]),
  );
  for (const [key, replace] of Object.entries(named(registries)))
    fields.set(key, replace(fields.get(key)?.description ?? ''));
  for (const key of LISTS) {
    const { items, ...list } = fields.get(key)!;
    if (items) fields.set(key, eitherOf({ ...list, items }, items as JsonSchema));
  }
  const files = jsonSchemaOf(z.string());
  return {
    $schema: DRAFT,
    title: 'An experiment of tweedie',
    definitions: definitionsOf(registries),
    ...mappingOf({
      extends: oneOrMore(files, 'Files, relative to this one, that this one is laid over.'),
      ...orNothing(Object.fromEntries(fields)),
    }),
    // What a file lacks may stand in one that it extends; a file without a name is a part of others.
    if: { required: ['name'], not: { required: ['extends'] } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      required: ['data', 'tasks', 'solvers'],
      anyOf: [{ required: ['prior'] }, { required: ['priors'] }],
    },
    patternProperties: { '^x-': { description: 'A place for anchors: means nothing itself.' } },
  };
}

/** A key without a value takes an inherited one away: at the top, and in the sections whose keys have defaults. */
function orNothing(properties: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, field]) => {
      const inner = field.properties && {
        properties: orNothing(field.properties as Record<string, JsonSchema>),
      };
      return [key, eitherOf({ ...field, ...inner }, NOTHING)];
    }),
  );
}

/** What stands in more than one place. */
function definitionsOf({ solvers, tasks, priors }: Registries): Readonly<Record<string, JsonSchema>> {
  const priorName = jsonSchemaOf(z.string());
  const beside = {
    prior: oneOrMore(priorName, 'Which of priors it is to use.'),
    label: jsonSchemaOf(labelSchema),
    group: jsonSchemaOf(groupSchema),
    draws: jsonSchemaOf(drawsSchema),
  };
  const solver = parametersIn('solver', describedSolvers(solvers));
  const task = parametersIn(
    'task',
    [...tasks.values()].map(({ name, params, source }) => ({ name, params, description: source })),
  );
  const prior = parametersIn('prior', [...priors.values()]);
  return {
    range: jsonSchemaOf(gridRangeSchema),
    searched: jsonSchemaOf(rangeSchema),
    resources: resourcesOf(slurmOverrideSchema),
    ...solver.definitions,
    ...task.definitions,
    ...prior.definitions,
    solver: entryOf(solver.grids, beside),
    task: entryOf(task.grids, { override: refTo('override') }),
    prior: entryOf(prior.grids),
    // Beside a task: by solver, its parameters.
    override: mappingOf(solver.grids, 'Parameters of solvers for this task alone.'),
  };
}

/** The parameters of solvers, tasks or priors as definitions, and by name what refers to them. */
function parametersIn(kind: string, all: readonly Named[]) {
  const definitions = Object.fromEntries(all.map((named) => [`${kind}.${named.name}`, parametersOf(named)]));
  const grids = Object.fromEntries(
    all.map((named) => [named.name, gridOf(named, refTo(`${kind}.${named.name}`))]),
  );
  return { definitions, grids };
}

function describedSolvers(solvers: Registries['solvers']): Named[] {
  return [...solvers.values()].map(({ name, params, paper }) => ({ name, params, description: paper }));
}

/** The keys whose values are names of something that is registered. */
function named(registries: Registries): Record<string, (description: string) => JsonSchema> {
  const metric = nameOf(registries.metrics.keys());
  return {
    prior: (description) => ({ description, ...refTo('prior') }),
    priors: (description) => ({ description, type: 'object', additionalProperties: refTo('prior') }),
    data: (description) => {
      const schema = jsonSchemaOf(experimentSchema.shape.data);
      const set = { ...(schema.properties?.set as JsonSchema), enum: [...registries.datasets.keys()] };
      return { ...schema, description, properties: { ...schema.properties, set } };
    },
    tasks: (description) => oneOrMore(orIncluded(refTo('task')), description),
    solvers: (description) => oneOrMore(orIncluded(refTo('solver')), description),
    exclude: (description) => {
      const { properties, ...rule } = jsonSchemaOf(exclusionSchema);
      const among = (key: string, names: Iterable<string>) => ({
        [key]: { ...(properties?.[key] as JsonSchema), ...nameOf(names) },
      });
      const known = {
        ...properties,
        ...among('solver', registries.solvers.keys()),
        ...among('task', registries.tasks.keys()),
      };
      const dependencies = { params: ['solver'], taskParams: ['task'] };
      return oneOrMore(
        orIncluded({
          ...rule,
          properties: known,
          additionalProperties: false,
          minProperties: 1,
          dependencies,
        }),
        description,
      );
    },
    metrics: (description) => oneOrMore(metric, description),
    executor: (description) =>
      eitherOf(
        { description, ...nameOf(EXECUTORS) },
        { ...mappingOf({ slurm: eitherOf(slurmOf(registries.solvers), NOTHING) }), required: ['slurm'] },
      ),
    tune: (description) => {
      const schema = jsonSchemaOf(tuneSchema);
      const { seeds, search } = schema.properties as Record<string, JsonSchema>;
      const properties = {
        ...schema.properties,
        seeds: eitherOf(seeds!, seeds!.items as JsonSchema),
        metric: { ...(schema.properties?.metric as JsonSchema), ...metric },
        search: searches(describedSolvers(registries.solvers), search?.description ?? ''),
      };
      return { ...schema, description, properties };
    },
  };
}

/** What an element asks a cluster for. */
function slurmOf(solvers: Registries['solvers']): JsonSchema {
  const section = resourcesOf(slurmSchema);
  const perSolver = mappingOf(
    Object.fromEntries([...solvers.keys()].map((name) => [name, refTo('resources')])),
    (section.properties!.perSolver as JsonSchema).description,
  );
  return { ...section, properties: { ...section.properties, perSolver } };
}

/** Its lists may hold one value alone. */
function resourcesOf(schema: z.ZodObject): JsonSchema {
  const { properties, ...rest } = jsonSchemaOf(schema);
  const lists = SLURM_LISTS.map((key) => {
    const list = properties?.[key] as JsonSchema;
    return [key, eitherOf(list, list.items as JsonSchema)] as const;
  });
  return {
    ...rest,
    properties: { ...properties, ...Object.fromEntries(lists) },
    additionalProperties: false,
  };
}

/** An entry, or a file with a list of them. */
function orIncluded(entry: JsonSchema): JsonSchema {
  const file = jsonSchemaOf(z.string().describe('A file with a list of entries, relative to this one.'));
  return eitherOf({ anyOf: [entry] }, { ...mappingOf({ [INCLUDE]: file }), required: [INCLUDE] });
}

function searches(solvers: readonly Named[], description: string): JsonSchema {
  const candidates = ({ params }: Named) =>
    Object.entries(jsonSchemaOf(params).properties ?? {}).map(([key, field]) => {
      const { default: _, description, ...one } = field as JsonSchema;
      const list = { description, type: 'array', items: one, minItems: 1 } as const;
      return [key, eitherOf(list, one, refTo('searched'))];
    });
  return mappingOf(
    Object.fromEntries(
      solvers.map((solver) => [
        solver.name,
        mappingOf(Object.fromEntries(candidates(solver)), solver.description),
      ]),
    ),
    description,
  );
}
