import { Session } from 'node:inspector';
import { authorsPlace } from '../text/author.ts';

const HELD = Symbol.for('tweedie.function');

interface Property {
  readonly name: string;
  readonly value?: { readonly value?: unknown };
}

/** Where a plug-in's function is written, for what it does wrong without throwing; null for a built-in one. */
export function placeOfFunction(fn: unknown): string | null {
  const session = new Session();
  const held = globalThis as { [HELD]?: unknown };
  const urls = new Map<string, string>();
  let place: string | null = null;
  try {
    session.connect();
    session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
    session.post('Debugger.enable');
    held[HELD] = fn;
    // In this process answers come at once.
    session.post(
      'Runtime.evaluate',
      { expression: "globalThis[Symbol.for('tweedie.function')]" },
      (_, found) => {
        const { objectId } = found.result;
        if (objectId === undefined) return;
        session.post(
          'Runtime.getProperties',
          { objectId, ownProperties: true },
          (_, { internalProperties }) => {
            place = placeIn((internalProperties ?? []) as readonly Property[], urls);
          },
        );
      },
    );
  } catch {
    // Another debugger may be at work: the place stays unknown.
  } finally {
    delete held[HELD];
    session.disconnect();
  }
  return place;
}

function placeIn(properties: readonly Property[], urls: ReadonlyMap<string, string>): string | null {
  const at = properties.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value as
    | { scriptId: string; lineNumber: number; columnNumber: number }
    | undefined;
  const url = at && urls.get(at.scriptId);
  return url ? authorsPlace(url, at.lineNumber + 1, at.columnNumber + 1) : null;
}
