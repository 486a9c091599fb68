import type { z } from 'zod';
import { gridRangeSchema } from '../config/range.ts';
import { ZIP } from '../config/zip.ts';
import { eitherOf, type JsonSchema, jsonSchemaOf, mappingOf, NOTHING, nameOf } from './json-schema.ts';

/** A solver, task or prior: its parameters, and what it says of itself. */
export interface Named {
  readonly name: string;
  readonly params: z.ZodObject;
  readonly description: string;
}

/**
 * Its parameters, each as one value, a list or (of numbers) a range of them, and as a list of alternatives. None is required: a file that is
 * extended, an override or the command line may give it.
 */
export function gridOf({ params, description }: Named): JsonSchema {
  const point = grid(jsonSchemaOf(params));
  return eitherOf({ ...point, description }, NOTHING);
}

function grid(schema: JsonSchema): JsonSchema {
  const { description, default: fallback, required: _, ...bare } = schema;
  const point =
    bare.properties === undefined
      ? bare
      : {
          ...bare,
          properties: {
            ...zipOf(Object.keys(bare.properties)),
            ...Object.fromEntries(
              Object.entries(bare.properties).map(([key, field]) => [key, grid(field as JsonSchema)]),
            ),
          },
        };
  const list = { type: 'array', items: point, minItems: 1 } as const;
  const ranges = isNumber(bare) ? [RANGE] : [];
  return eitherOf({ ...point, description, default: fallback }, list, ...ranges);
}

/** Which parameters' lists go together; a parameter of that name takes its place. */
function zipOf(names: readonly string[]): Readonly<Record<string, JsonSchema>> {
  if (names.length < 2) return {};
  const group = { type: 'array', items: nameOf(names), minItems: 2, uniqueItems: true } as const;
  const description = 'Parameters whose lists go together, in place of every combination.';
  return { [ZIP]: eitherOf({ description, ...group }, { type: 'array', items: group, minItems: 1 }) };
}

const RANGE = jsonSchemaOf(gridRangeSchema);

/** Whether it is a number, or can be one. */
function isNumber({ type, anyOf = [] }: JsonSchema): boolean {
  return type === 'number' || type === 'integer' || anyOf.some((option) => isNumber(option as JsonSchema));
}

/**
 * An entry: a name, or a name with parameters, beside which these keys may stand.
 * @param of of everything that is registered
 */
export function entryOf(of: readonly Named[], beside: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  const names = of.map(({ name }) => name);
  return {
    anyOf: [
      nameOf(names),
      {
        ...mappingOf({ ...Object.fromEntries(of.map((named) => [named.name, gridOf(named)])), ...beside }),
        oneOf: names.map((name) => ({ required: [name] })),
      },
    ],
  };
}
