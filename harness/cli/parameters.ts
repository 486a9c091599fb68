import { z } from 'zod';

/** One parameter of a solver, task or prior, as `list` shows it. */
export interface ParameterInfo {
  readonly name: string;
  readonly type: string;
  /** Whether it must be given. */
  readonly required: boolean;
  /** Absent where there is none: the parameter must be given, or is not asked for. */
  readonly default?: unknown;
  readonly description: string;
  /** The parameter as JSON Schema, with its bounds. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** The parameters of a schema, in its order. */
export function parametersOf(schema: z.ZodObject): ParameterInfo[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => {
    const field = typeof property === 'object' ? property : {};
    const { default: value, description = '', ...rest } = field;
    return {
      name,
      type: typeName(field),
      required: required.includes(name),
      ...(value === undefined ? {} : { default: value }),
      description,
      schema: rest,
    };
  });
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** `integer >= 1`, `plain | adam`, `list of number`: what a person writes. */
function typeName(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map(String).join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map((option) => typeName(option as JsonSchema)).join(' | ');
  if (schema.type === 'array') return `list of ${typeName((schema.items as JsonSchema | undefined) ?? {})}`;
  if (schema.type === 'object') {
    const fields = Object.entries(schema.properties ?? {});
    if (fields.length === 0) return 'mapping';
    return `{ ${fields.map(([key, field]) => `${key}: ${typeName(field as JsonSchema)}`).join(', ')} }`;
  }
  return `${[schema.type ?? 'any'].flat().join(' | ')}${bounds(schema)}`;
}

function bounds(schema: JsonSchema): string {
  const given = [
    schema.minimum !== undefined && schema.minimum > Number.MIN_SAFE_INTEGER ? `>= ${schema.minimum}` : '',
    schema.exclusiveMinimum !== undefined ? `> ${schema.exclusiveMinimum}` : '',
    schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER ? `<= ${schema.maximum}` : '',
    schema.exclusiveMaximum !== undefined ? `< ${schema.exclusiveMaximum}` : '',
  ].filter(Boolean);
  return given.length > 0 ? ` ${given.join(', ')}` : '';
}
