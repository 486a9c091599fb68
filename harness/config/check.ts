import { z } from 'zod';
import { UserError } from '../errors.ts';
import { nearest, nearestName } from '../names.ts';
import { describeThrown } from '../text/thrown.ts';
import { found, type Located, nodeAt, plain, quoted } from './located.ts';
import { Mistakes } from './mistakes.ts';

/** The schema inside defaults, optional, nullable, read-only and piped ones. */
export function core(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly
  ) {
    return core(schema.unwrap());
  }
  return schema instanceof z.ZodPipe ? core(schema.in) : schema;
}

/**
 * Validates a value against a schema, defaults filled in. `label` names the value in messages ("p2l", "data", "" for
 * the whole file). Throws a UserError at the offending key or value, one line a mistake where there are several.
 */
export function check<S extends z.ZodType>(schema: S, node: Located, label: string): z.infer<S> {
  const mistakes = new Mistakes();
  const unknown = unknownKeys(schema, node, label);
  for (const { mistake } of unknown) mistakes.add(mistake);
  const result = parsed(schema, node, label);
  const issues = result.success ? [] : result.error.issues;
  for (const issue of issues) {
    const isKnown =
      unknown.length > 0 && (issue.code === 'unrecognized_keys' || isMistyped(issue, node, unknown));
    if (!isKnown) mistakes.add(asUserError(schema, issue, node, label));
  }
  mistakes.refuse();
  return result.data as z.infer<S>;
}

/** A plug-in's schema may hold code of its own: defaults, refinements and transforms that throw. */
function parsed<S extends z.ZodType>(schema: S, node: Located, label: string) {
  try {
    return schema.safeParse(plain(node));
  } catch (error) {
    throw new UserError(`${label}: its schema fails: ${describeThrown(error).message}`, node.where);
  }
}

/** A key that the schema has not, and the mapping in which it stands. */
interface UnknownKey {
  readonly key: string;
  readonly owner: Located;
  readonly mistake: UserError;
}

/** Zod drops unknown keys unless told otherwise by each schema; a benchmark must refuse a mistyped parameter. */
function unknownKeys(schema: z.core.$ZodType, node: Located, label: string): UnknownKey[] {
  const inner = core(schema);
  if (inner instanceof z.ZodArray && node.kind === 'list')
    return node.items.flatMap((item) => unknownKeys(inner.element, item, label));
  if (node.kind !== 'map') return [];
  if (inner instanceof z.ZodRecord) {
    const key = '__proto__';
    const lost = node.entries.get(key);
    const mistake = lost && new UserError(`${join(label, key)}: this key cannot be used`, lost.keyWhere);
    const inside = [...node.entries].flatMap(([name, { value }]) =>
      unknownKeys(inner.valueType, value, join(label, name)),
    );
    return mistake ? [{ key, owner: node, mistake }, ...inside] : inside;
  }
  if (!(inner instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape;
  return [...node.entries].flatMap(([key, { keyWhere, value }]) => {
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (field) return unknownKeys(field, value, join(label, key));
    const owner = label ? ` of ${label}` : '';
    const text = `unknown key ${quoted(key)}${owner}: ${nearest(key, Object.keys(shape))}`;
    return [{ key, owner: node, mistake: new UserError(text, keyWhere) }];
  });
}

/** Whether a missing key stands there, mistyped: then that is the mistake. */
function isMistyped({ path }: z.core.$ZodIssue, root: Located, unknown: readonly UnknownKey[]): boolean {
  const missing = path.at(-1);
  const owner = nodeAt(root, path.slice(0, -1).map(String));
  return (
    missing !== undefined &&
    owner.kind === 'map' &&
    !owner.entries.has(String(missing)) &&
    unknown.some((one) => one.owner === owner && nearestName(one.key, [String(missing)]) !== null)
  );
}

function asUserError(
  schema: z.core.$ZodType,
  issue: z.core.$ZodIssue,
  root: Located,
  label: string,
): UserError {
  const wanted = fieldAt(schema, issue.path);
  let node = root;
  let name = label;
  for (const step of issue.path) {
    const next: Located | undefined =
      node.kind === 'map'
        ? node.entries.get(String(step))?.value
        : node.kind === 'list'
          ? node.items[Number(step)]
          : undefined;
    if (!next)
      return new UserError(
        `missing key "${String(step)}"${name ? ` of ${name}` : ''}: expected ${expected(issue, wanted)}`,
        node.where,
      );
    node = next;
    name = join(name, String(step));
  }
  const prefix = name ? `${name}: ` : '';
  if (issue.code === 'custom') return new UserError(`${prefix}${issue.message}`, node.where);
  const inside = issue.code === 'invalid_union' ? deeper(issue.errors) : null;
  if (inside) return asUserError(z.unknown(), inside, node, name);
  const hint =
    issue.code === 'invalid_value' && node.kind === 'scalar' && typeof node.value === 'string'
      ? nearest(node.value, issue.values.map(String))
      : `expected ${expected(issue, wanted)}`;
  return new UserError(
    hint.startsWith('expected')
      ? `${prefix}${hint}, found ${found(node)}`
      : `${prefix}unknown value ${found(node)}, ${hint}`,
    node.where,
  );
}

/** What is wrong inside a value, where one branch of a union takes its kind and no other does. */
function deeper(branches: readonly (readonly z.core.$ZodIssue[])[]): z.core.$ZodIssue | null {
  const inside = branches.filter((issues) => issues.every(({ path }) => path.length > 0));
  return inside.length === 1 ? (inside[0]![0] ?? null) : null;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  nonoptional: 'a value',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function expected(issue: z.core.$ZodIssue, schema: z.core.$ZodType | undefined): string {
  switch (issue.code) {
    case 'invalid_type':
      if (schema instanceof z.ZodNumber && schema.isInt) return 'a whole number';
      return TYPE_NAMES[issue.expected] ?? issue.expected;
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit(issue.origin, issue.maximum)}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? String(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union': {
      const options = schema instanceof z.ZodUnion ? schema.options : [];
      const branches = issue.errors.flatMap(
        (branch, i) => mappingOfWords(options[i]) ?? (branch[0] ? [expected(branch[0], undefined)] : []),
      );
      return branches.length > 0 ? [...new Set(branches)].join(' or ') : 'another kind of value';
    }
    case 'unrecognized_keys':
      return `no key ${issue.keys.map(quoted).join(', ')}`;
    default:
      return issue.message;
  }
}

/** `{ from: caption }`, `{ poisson: a number }`: for a mapping of words and numbers. */
function mappingOfWords(schema: z.core.$ZodType | undefined): string | null {
  if (!(schema instanceof z.ZodObject)) return null;
  const words = Object.entries(schema.shape).map(([key, field]) => {
    if (field instanceof z.ZodLiteral) return `${key}: ${[...field.values].join(' or ')}`;
    return field instanceof z.ZodNumber ? `${key}: a number` : null;
  });
  return words.includes(null) ? null : `{ ${words.join(', ')} }`;
}

/** The schema of the field a path leads to, as far as objects and lists go. */
function fieldAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  const inner = core(schema);
  const [step, ...rest] = path;
  if (step === undefined) return inner;
  if (inner instanceof z.ZodArray) return fieldAt(inner.element, rest);
  if (inner instanceof z.ZodRecord) return fieldAt(inner.valueType, rest);
  const field = inner instanceof z.ZodObject ? inner.shape[String(step)] : undefined;
  return field && fieldAt(field, rest);
}

function unit(origin: string, count: number | bigint): string {
  if (origin === 'array') return count === 1 ? ' entry' : ' entries';
  return origin === 'string' ? ' characters' : '';
}

function join(label: string, key: string): string {
  return label ? `${label}.${key}` : key;
}
