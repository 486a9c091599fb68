import { transform } from 'sucrase';
import { authorsPlace } from '../text/author.ts';

/** A namespace that holds values is code, not a type, and would be lost. */
const NAMESPACE = /^[ \t]*(?:export[ \t]+)?(namespace|module)[ \t]+[\w.]+[ \t]*\{/m;

/**
 * TypeScript as JavaScript, each statement on the line where it was.
 * @throws SyntaxError that begins with the place, its place
 */
export function stripTypes(source: string, path: string): string {
  const namespace = NAMESPACE.exec(source);
  if (namespace) {
    const line = source.slice(0, namespace.index).split('\n').length;
    const found = `found "${namespace[1]}"`;
    throw new SyntaxError(
      `${authorsPlace(path, line)}: expected TypeScript whose types can be left out, ${found}`,
    );
  }
  try {
    return transform(source, {
      transforms: ['typescript'],
      disableESTransforms: true,
      preserveDynamicImport: true,
    }).code;
  } catch (error) {
    const { message, loc } = error as Error & { loc?: { line: number; column: number } };
    const what = message.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, '');
    throw new SyntaxError(`${authorsPlace(path, loc?.line ?? 1, loc?.column)}: ${what}`);
  }
}
