/**
 * The tensor API: TensorFlow.js, loaded when the first of it is asked for. Everything imports it from here: half of our files name it, and
 * a command that computes nothing need not wait for it. Node's ESM loader could only reach the umbrella package, too (the deep
 * imports of tfjs-core lack file extensions), and as a CommonJS default import.
 */
import { createRequire } from 'node:module';
import type * as api from '@tensorflow/tfjs';

export type {
  DataType,
  GradFunc,
  NamedAttrMap,
  NamedTensorMap,
  Rank,
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  TensorInfo,
} from '@tensorflow/tfjs';

/** As types these are written too: `tf.Tensor`. */
export namespace tf {
  export type Scalar = api.Scalar;
  export type Tensor<R extends api.Rank = api.Rank> = api.Tensor<R>;
  export type Tensor1D = api.Tensor1D;
  export type Tensor2D = api.Tensor2D;
  export type Tensor3D = api.Tensor3D;
  export type Tensor4D = api.Tensor4D;
  export type TensorLike = api.TensorLike;
  export type Variable<R extends api.Rank = api.Rank> = api.Variable<R>;
}

type Api = typeof api;

let loaded: Api | null = null;
const waiting: ((api: Api) => void)[] = [];

function load(): Api {
  loaded = createRequire(import.meta.url)('@tensorflow/tfjs') as Api;
  for (const then of waiting.splice(0)) then(loaded);
  return loaded;
}

/** Calls back as soon as TensorFlow.js is loaded, now if it is: what is registered with it. */
export function whenLoaded(then: (api: Api) => void): void {
  if (loaded) then(loaded);
  else waiting.push(then);
}

export const tf = new Proxy({} as Api, {
  get: (_, name) => Reflect.get(loaded ?? load(), name),
  has: (_, name) => Reflect.has(loaded ?? load(), name),
});
