import { z } from 'zod';

/** A JSON Schema of draft 7, which YAML language servers read. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Keys of a field that say something to this program alone. */
const OUR_OWN = ['checkedAs', 'localPath', 'perImage'];

/** What a person may write for a zod schema; what has no JSON form may be anything. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      for (const key of OUR_OWN) delete jsonSchema[key];
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return rest;
}

/** The description and the default stay outside, where an editor looks for them. */
export function eitherOf(described: JsonSchema, ...others: readonly JsonSchema[]): JsonSchema {
  const { description, default: fallback, ...bare } = described;
  const options = bare.anyOf && Object.keys(bare).length === 1 ? bare.anyOf : [bare];
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    anyOf: [...options, ...others],
  };
}

/** A list of it may hold one alone. */
export function oneOrMore(item: JsonSchema, description: string): JsonSchema {
  return eitherOf({ description, type: 'array', items: item }, item);
}

/** One of these names. */
export function nameOf(names: Iterable<string>): JsonSchema {
  return { type: 'string', enum: [...names] };
}

/** A mapping of these keys and no others. */
export function mappingOf(properties: Readonly<Record<string, JsonSchema>>, description = ''): JsonSchema {
  return {
    ...(description !== '' && { description }),
    type: 'object',
    properties: { ...properties },
    additionalProperties: false,
  };
}

/** What stands in more than one place, where it is defined. */
export function refTo(definition: string): JsonSchema {
  return { $ref: `#/definitions/${definition}` };
}

export const NOTHING: JsonSchema = { type: 'null' };
