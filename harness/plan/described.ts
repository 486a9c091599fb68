import { found, type Located, type LocatedMap, listOf } from '../config/located.ts';
import { readConfig } from '../config/read.ts';
import { UserError } from '../errors.ts';
import { type External, readDescription, valuesIn } from '../external/description.ts';
import { externalSha256, externalSolver } from '../external/solver.ts';
import { type Imported, noValues, readImported } from '../imported/description.ts';
import { importedSha256, importedSolver } from '../imported/solver.ts';
import type { Solver } from '../solvers/solver.ts';

/** Of every kind. */
interface Described {
  readonly name: string;
  /** Absolute path of the file in which it stands. */
  readonly file: string;
}

/** A kind of method that data describe instead of a module. */
interface DescribedKind<D extends Described> {
  /** Its plain form, which a plan keeps: JSON, paths absolute. @throws UserError at the place of a mistake */
  read(node: Located): D;
  /** What stands in the description for the solver's parameters: possibly a grid. */
  values(node: Located): LocatedMap;
  solver(described: D): Solver;
  /** Over what its numbers depend on beside version and parameters. @throws UserError for a file that cannot be read */
  sha256(described: D): string;
}

/** One entry a kind. */
const DESCRIBED = {
  external: { read: readDescription, values: valuesIn, solver: externalSolver, sha256: externalSha256 },
  imported: { read: readImported, values: noValues, solver: importedSolver, sha256: importedSha256 },
} satisfies { external: DescribedKind<External>; imported: DescribedKind<Imported> };

type Kinds = typeof DESCRIBED;

/** `{ external: { name, command, ... } }`: exactly one kind. */
export type Description = {
  readonly [K in keyof Kinds]: { readonly [P in K]: ReturnType<Kinds[P]['read']> };
}[keyof Kinds];

/** A plug-in as a plan has it: the absolute path of a module, or what a method is described by. */
export type PluginRef = string | Description;

/** The description that this mapping holds, with its kind; null: it holds none. */
function descriptionIn(node: Located): { kind: keyof Kinds; inner: Located } | null {
  const kind = kinds.find((kind) => node.kind === 'map' && node.entries.has(kind));
  return kind === undefined ? null : { kind, inner: (node as LocatedMap).entries.get(kind)!.value };
}

const kinds = Object.keys(DESCRIBED) as readonly (keyof Kinds)[];

/** What describes a method in its plain form; null where the mapping is none. @throws UserError at a mistake in it */
function readOne(node: Located): Description | null {
  const one = descriptionIn(node);
  return one && ({ [one.kind]: DESCRIBED[one.kind].read(one.inner) } as Description);
}

/** @throws UserError for a file that holds no description, or one with a mistake */
export function readDescribedFile(path: string): Description {
  const { root } = readConfig(path);
  const described = readOne(root);
  if (described && root.kind === 'map' && root.entries.size === 1) return described;
  throw new UserError(
    `expected the description of a method alone, ${kinds.map((kind) => `${kind}: { ... }`).join(' or ')}; found ${found(root)}`,
    root.where,
  );
}

/** The methods that are described where an experiment lists its solvers. */
export function describedSolvers(solvers: Located): { description: Description; where: Located['where'] }[] {
  return listOf(solvers).flatMap((node) => {
    const description = readOne(node);
    return description ? [{ description, where: node.where }] : [];
  });
}

/** An entry under `solvers` that describes its method, written as if a plug-in had brought it: its name, and parameters. */
export function asNamed(node: Located): Located {
  const one = descriptionIn(node);
  if (!one || node.kind !== 'map') return node;
  const { read, values } = DESCRIBED[one.kind];
  const { name } = read(one.inner);
  const entries = [...node.entries].map(([key, entry]) =>
    key === one.kind ? ([name, { ...entry, value: values(one.inner) }] as const) : ([key, entry] as const),
  );
  return { ...node, entries: new Map(entries) };
}

/** The solver that a description is. @throws UserError for a file that cannot be read */
export function solverDescribed(description: Description): { solver: Solver; sha256: string; file: string } {
  const [kind, described] = Object.entries<Described>(description)[0] as [keyof Kinds, Described];
  const { solver, sha256 }: DescribedKind<Described> = DESCRIBED[kind];
  return { solver: solver(described), sha256: sha256(described), file: described.file };
}
