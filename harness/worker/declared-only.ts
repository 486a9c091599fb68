import { nearest } from '../names.ts';

/** Parameters of which none is read that is not declared: a mistyped name would be `undefined` in every formula. */
export function declaredOnly<P extends object>(params: P, solver: string, declared: readonly string[]): P {
  return new Proxy(params, {
    get(target, key, receiver) {
      if (
        typeof key === 'string' &&
        !(key in target) &&
        !declared.includes(key) &&
        !(key in Promise.prototype)
      )
        throw new Error(`${solver} has no parameter "${key}": ${nearest(key, declared)}`);
      return Reflect.get(target, key, receiver);
    },
  });
}
