import { pathToFileURL } from 'node:url';
import { type SourceLocation, UserError } from '../errors.ts';
import { withPlace } from '../text/author.ts';
import { describeThrown } from '../text/thrown.ts';
import { resolvePluginApi } from './plugin-api.ts';

/** Generous: what a module computes while it is loaded it computes again in every worker. */
const LOADING_SECONDS = 120;

interface Module {
  readonly default?: unknown;
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a user's module and returns what it exports. What goes wrong meanwhile is the module's mistake: what it throws at
 * once, later or into a promise that nobody looks at, an end of the whole program, a wait without one. So that it is
 * known whose, modules are loaded one after the other.
 */
export function importPlugin(path: string, where?: SourceLocation): Promise<Module> {
  const loaded = last.then(() => importAlone(path, where));
  last = loaded.catch(() => {});
  return loaded;
}

async function importAlone(path: string, where?: SourceLocation): Promise<Module> {
  resolvePluginApi();
  const mistake = (text: string) => new UserError(`plug-in ${path} does not load: ${text}`, where);
  const { exit } = process;
  let stopWaiting = () => {};
  const misstep = new Promise<never>((_, reject) => {
    const fail = (thrown: unknown) => reject(mistake(describeThrown(withPlace(thrown)).message));
    const late = () => reject(mistake(`it is not ready after ${LOADING_SECONDS} s`));
    const timer = setTimeout(late, LOADING_SECONDS * 1000);
    process.on('uncaughtException', fail);
    stopWaiting = () => {
      clearTimeout(timer);
      process.off('uncaughtException', fail);
    };
  });
  process.exit = (code) => {
    throw new Error(`it ends the program (process.exit(${code ?? ''}))`);
  };
  try {
    return await Promise.race([import(pathToFileURL(path).href), misstep]);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { loadingMistake } = await import('./loading-mistake.ts');
    throw mistake(await loadingMistake(error, path));
  } finally {
    process.exit = exit;
    stopWaiting();
  }
}
