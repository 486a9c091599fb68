import type { ParamSpec } from './parameter-shapes.ts';

/** What training wraps around a network, and so puts before every name of its state_dict. */
const WRAPPERS = ['module', '_orig_mod', 'model', 'diffusion_model'];

/** The wrappers' names, dots between, that are before all names (`module._orig_mod`); '' where there are none. */
export function wrapperPrefix(names: Iterable<string>): string {
  const all = [...names];
  const wrappers: string[] = [];
  let length = 0;
  for (;;) {
    const next = WRAPPERS.find(
      (wrapper) =>
        all.length > 0 &&
        all.every(
          (name) => name.startsWith(`${wrapper}.`, length) && name.length > length + wrapper.length + 1,
        ),
    );
    if (next === undefined) return wrappers.join('.');
    wrappers.push(next);
    length += next.length + 1;
  }
}

/** Everything, dots included, that may stand before the names which a network asks for, so that all of these are there. */
export function namePrefixes(
  specs: readonly ParamSpec[],
  rename: (name: string) => string,
  names: readonly string[],
): string[] {
  const [first] = specs;
  if (first === undefined) return [];
  const depth = first.name.split('.').length;
  const candidates = names.flatMap((name) => {
    const start = startOf(name, depth);
    return start !== '' && rename(name.slice(start.length)) === first.name ? [start] : [];
  });
  return [...new Set(candidates)].filter((prefix) => {
    const stripped = new Set(
      names.filter((name) => name.startsWith(prefix)).map((name) => rename(name.slice(prefix.length))),
    );
    return specs.every(({ name }) => stripped.has(name));
  });
}

/** What is before the last parts of a name. */
function startOf(name: string, parts: number): string {
  const all = name.split('.');
  return all.length > parts ? `${all.slice(0, -parts).join('.')}.` : '';
}
