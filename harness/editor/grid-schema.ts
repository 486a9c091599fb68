import type { z } from 'zod';
import { ZIP } from '../config/zip.ts';
import { eitherOf, type JsonSchema, jsonSchemaOf, mappingOf, NOTHING, nameOf, refTo } from './json-schema.ts';

/** A solver, task or prior: its parameters, and what it says of itself. */
export interface Named {
  readonly name: string;
  readonly params: z.ZodObject;
  readonly description: string;
}

/** Its parameters, each as one value, a list or (of numbers) a range of them. None is required: a file that is extended, an override or the command line may give it. */
export function parametersOf({ params }: Named): JsonSchema {
  return alternative(jsonSchemaOf(params));
}

/** Its parameters, or a list of alternatives. @param point what `parametersOf` gives, or where it stands */
export function gridOf({ description }: Named, point: JsonSchema): JsonSchema {
  return eitherOf({ description, ...point }, listOf(point), NOTHING);
}

function alternative({ required: _, ...schema }: JsonSchema): JsonSchema {
  if (schema.properties === undefined) return schema;
  const fields = Object.entries(schema.properties);
  return {
    ...schema,
    properties: {
      ...zipOf(Object.keys(schema.properties)),
      ...Object.fromEntries(fields.map(([key, field]) => [key, grid(field as JsonSchema)])),
    },
  };
}

function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items, minItems: 1 };
}

function grid({ description, default: fallback, ...bare }: JsonSchema): JsonSchema {
  const point = alternative(bare);
  const ranges = isNumber(bare) ? [refTo('range')] : [];
  return eitherOf({ ...point, description, default: fallback }, listOf(point), ...ranges);
}

/** Which parameters' lists go together; a parameter of that name takes its place. */
function zipOf(names: readonly string[]): Readonly<Record<string, JsonSchema>> {
  if (names.length < 2) return {};
  const group = { type: 'array', items: nameOf(names), minItems: 2, uniqueItems: true } as const;
  const description = 'Parameters whose lists go together, in place of every combination.';
  return { [ZIP]: eitherOf({ description, ...group }, { type: 'array', items: group, minItems: 1 }) };
}

/** Whether it is a number, or can be one. */
function isNumber({ type, anyOf = [] }: JsonSchema): boolean {
  return type === 'number' || type === 'integer' || anyOf.some((option) => isNumber(option as JsonSchema));
}

/** An entry: a name, or a name with parameters, beside which these keys may stand. @param of the parameters of everything that is registered, by name */
export function entryOf(
  of: Readonly<Record<string, JsonSchema>>,
  beside: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  const names = Object.keys(of);
  return {
    anyOf: [
      nameOf(names),
      {
        ...mappingOf({ ...of, ...beside }),
        oneOf: names.map((name) => ({ required: [name] })),
      },
    ],
  };
}
