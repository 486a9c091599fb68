import { z } from 'zod';
import { check } from '../config/check.ts';
import { found, type Located, type LocatedMap, plain } from '../config/located.ts';
import { UserError } from '../errors.ts';
import { MEAN_OF_DRAWS } from '../identity/mean-of-draws.ts';
import { promptText, reverseSteps } from '../solvers/checked-parameters.ts';

const scalar = z.union([z.number(), z.string(), z.boolean()]);

/**
 * What a description says of a parameter, in JSON Schema's words. `steps` is a number of reverse steps, which the prior's
 * schedule must have; `prompt` a text that its tokenizer reads, or `{ from: caption }`.
 */
const declaration = z.strictObject({
  type: z.enum(['number', 'integer', 'boolean', 'string', 'array', 'steps', 'prompt']),
  description: z.string().optional(),
  default: z.union([scalar, z.array(scalar)]).optional(),
  enum: z.array(scalar).min(1).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  items: z.strictObject({ type: z.enum(['number', 'integer', 'boolean', 'string']) }).optional(),
});

export type Declaration = z.infer<typeof declaration>;
export type Declarations = Readonly<Record<string, Declaration>>;

/** Parameters as a description has them: what they may be, and the values that stand in it, possibly a grid. */
export interface DescribedParameters {
  readonly declared: Declarations;
  readonly values: LocatedMap;
}

/**
 * Reads `params`: a mapping `{ type, default, ... }` declares one; a value alone declares one of its type, with that default,
 * and a list of values does so for a grid.
 * @throws UserError at a declaration that cannot be, or whose default it does not allow
 */
export function readParameters(node: Located): DescribedParameters {
  if (node.kind !== 'map')
    throw new UserError(`params: expected a mapping of parameters, found ${found(node)}`, node.where);
  const declared: Record<string, Declaration> = {};
  const values = new Map<string, { keyWhere: Located['where']; value: Located }>();
  for (const [name, entry] of node.entries) {
    if (name in Object.prototype || name === MEAN_OF_DRAWS)
      throw new UserError(`params: no parameter can be called "${name}"`, entry.keyWhere);
    const { value } = entry;
    if (value.kind === 'map') declared[name] = readDeclaration(name, value);
    else {
      declared[name] = ofValue(name, value);
      values.set(name, entry);
    }
  }
  return { declared, values: { kind: 'map', where: node.where, entries: values } };
}

function readDeclaration(name: string, node: LocatedMap): Declaration {
  const declared = check(declaration, node, `params.${name}`);
  const usual = node.entries.get('default')?.value;
  if (usual) check(schemaOf(declared), usual, `params.${name}.default`);
  return declared;
}

function ofValue(name: string, node: Located): Declaration {
  const values: unknown[] = node.kind === 'list' ? node.items.map(plain) : [plain(node)];
  const [first] = values;
  const type = typeof first;
  if (
    values.some((value) => typeof value !== type) ||
    !(type === 'number' || type === 'string' || type === 'boolean')
  )
    throw new UserError(
      `params.${name}: expected values of one type, or a declaration such as { type: number, default: 1 }; found ${found(node)}`,
      node.where,
    );
  return { type, default: first as Declaration['default'] };
}

/** What validates the parameters of a grid's point. */
export function schemaOfParameters(declared: Declarations): z.ZodObject {
  return z.strictObject(
    Object.fromEntries(Object.entries(declared).map(([name, one]) => [name, schemaOf(one)])),
  );
}

function schemaOf({ type, description = '', default: usual, ...bounds }: Declaration): z.ZodType {
  if (type === 'steps') {
    const steps = reverseSteps(typeof usual === 'number' ? usual : 1000, bounds.minimum);
    return description === '' ? steps : steps.describe(description);
  }
  if (type === 'prompt') {
    const text = promptText(description);
    return typeof usual === 'string' ? text.unwrap().default(usual).meta(text.meta()!) : text;
  }
  const schema = z.fromJSONSchema({ type, ...bounds });
  return (usual === undefined ? schema : schema.default(usual)).describe(description);
}
