import { nearest } from '../names.ts';

/** What JavaScript itself looks for in any object: in what is awaited, and in what becomes JSON. */
const ASKED_BY_JAVASCRIPT = [...Object.getOwnPropertyNames(Promise.prototype), 'toJSON'];

/** Parameters of which none is read that is not declared: a mistyped name would be `undefined` in every formula. */
export function declaredOnly<P extends object>(params: P, solver: string, declared: readonly string[]): P {
  return new Proxy(params, {
    get(target, key, receiver) {
      if (
        typeof key === 'string' &&
        !(key in target) &&
        !declared.includes(key) &&
        !(key in Object.prototype) &&
        !ASKED_BY_JAVASCRIPT.includes(key)
      )
        throw new Error(`${solver} has no parameter "${key}": ${nearest(key, declared)}`);
      return Reflect.get(target, key, receiver);
    },
  });
}
