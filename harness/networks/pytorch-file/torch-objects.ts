/** The objects that a restricted PyTorch file may hold beside plain data: storages and the tensors that look at them. */

import { sizeOf } from '../../engine/shape.ts';
import { UserError } from '../../errors.ts';
import { shown } from '../shown.ts';
import { ITEM_BYTES, type TensorType } from '../tensor-types.ts';
import { Callable, isTuple, type PickleRules } from './pickle-machine.ts';

/** Values in the file that tensors share. */
export class TorchStorage {
  readonly dtype: TensorType;
  /** Its name in the file. */
  readonly key: string;
  /** Number of values. */
  readonly length: number;

  constructor(dtype: TensorType, key: string, length: number) {
    this.dtype = dtype;
    this.key = key;
    this.length = length;
  }

  get bytes(): number {
    return this.length * ITEM_BYTES[this.dtype];
  }
}

/** Element (i, j, ...) is value offset + i strides[0] + j strides[1] + ... of its storage. */
export class TorchTensor {
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: TorchStorage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

const STORAGES: Readonly<Record<string, TensorType>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
  ComplexFloatStorage: 'C64',
  ComplexDoubleStorage: 'C128',
};
/** Types that have no storage of their own: a storage of bytes and a torch.dtype, which say what the bytes are. */
const DTYPES: Readonly<Record<string, TensorType>> = {
  uint16: 'U16',
  uint32: 'U32',
  uint64: 'U64',
  float8_e4m3fn: 'F8_E4M3',
  float8_e5m2: 'F8_E5M2',
  float8_e4m3fnuz: 'F8_E4M3FNUZ',
  float8_e5m2fnuz: 'F8_E5M2FNUZ',
  float8_e8m0fnu: 'F8_E8M0',
};
/** Values that stand in checkpoints beside tensors and are not read. */
const OTHER_DTYPES = [
  ...['float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'],
  ...['double', 'float', 'half', 'long', 'int', 'short', 'complex64', 'complex128'],
];
const MAX_RANK = 64;
/** Values that a small storage may be stretched to. */
const MAX_REPEATED = 2 ** 20;
const MAX_NAME_SHOWN = 200;

/** The type of values, as a pickle names it before it makes a storage or a tensor. */
class StorageType {
  readonly dtype: TensorType;
  constructor(dtype: TensorType) {
    this.dtype = dtype;
  }
}
/** Stands for a torch.dtype that is not read. */
const OPAQUE = Object.freeze({});

/** The rules by which a PyTorch file is read: everything that is not here is refused by name. */
export function torchRules(source: string): PickleRules & { readonly storages: Map<string, TorchStorage> } {
  const storages = new Map<string, TorchStorage>();
  const wrong = (what: string) => new UserError(`${source}: is damaged or unsafe: ${what}`);

  const orderedDict = new Callable('OrderedDict', ([pairs]) => {
    if (pairs === undefined) return new Map();
    const isPair = (pair: unknown): pair is [unknown, unknown] => Array.isArray(pair) && pair.length === 2;
    if (!Array.isArray(pairs) || !pairs.every(isPair)) throw wrong('an OrderedDict is made of no pairs');
    return new Map(pairs);
  });
  const size = new Callable('Size', ([sides]) => {
    if (!isTuple(sides)) throw wrong('a torch.Size is made of no tuple');
    return sides;
  });
  const tensor = new Callable('_rebuild_tensor_v2', (args) => {
    const [storage, offset, shape, strides, , , flags] = args;
    if (!(storage instanceof TorchStorage)) throw wrong('a tensor has no storage');
    if (flags instanceof Map && flags.size > 0) throw wrong('a tensor is marked as conjugate or negative');
    return checkedTensor(storage, offset, shape, strides, wrong);
  });
  const tensorOfBytes = new Callable('_rebuild_tensor_v3', (args) => {
    const [bytes, offset, shape, strides, , , type] = args;
    if (!(bytes instanceof TorchStorage && bytes.dtype === 'U8' && type instanceof StorageType))
      throw wrong('a tensor has no storage of bytes, or no type');
    const length = Math.floor(bytes.bytes / ITEM_BYTES[type.dtype]);
    const storage = new TorchStorage(type.dtype, bytes.key, length);
    return checkedTensor(storage, offset, shape, strides, wrong);
  });
  const parameter = new Callable('_rebuild_parameter', ([data]) => {
    if (!(data instanceof TorchTensor)) throw wrong('a parameter holds no tensor');
    return data;
  });
  const known = new Map<string, unknown>([
    ['collections.OrderedDict', orderedDict],
    ['torch.Size', size],
    ['torch._utils._rebuild_tensor_v2', tensor],
    ['torch._utils._rebuild_tensor_v3', tensorOfBytes],
    ['torch._utils._rebuild_parameter', parameter],
    ['torch.storage.UntypedStorage', new StorageType('U8')],
    ['torch.UntypedStorage', new StorageType('U8')],
    ...Object.entries(STORAGES).map(([name, dtype]) => [`torch.${name}`, new StorageType(dtype)] as const),
    ...Object.entries(DTYPES).map(([name, dtype]) => [`torch.${name}`, new StorageType(dtype)] as const),
    ...OTHER_DTYPES.map((name) => [`torch.${name}`, OPAQUE] as const),
  ]);

  return {
    storages,
    global(module, name) {
      const thing = known.get(`${module}.${name}`);
      if (thing === undefined) {
        throw new UserError(
          `${source}: names ${JSON.stringify(`${module}.${name}`.slice(0, MAX_NAME_SHOWN))}, which is neither a tensor nor plain data; such a file could run anything, so nothing of it is read: save its state_dict alone`,
        );
      }
      return thing;
    },
    persistent(id) {
      const [kind, type, key, , length, view] = isTuple(id) ? id : [];
      const valid =
        kind === 'storage' && type instanceof StorageType && typeof key === 'string' && isCount(length);
      if (!valid) throw wrong('a persistent id is no storage');
      if (view !== undefined && view !== null)
        throw wrong(`storage '${shown(key)}' is a view of another one`);
      const storage = new TorchStorage(type.dtype, key, length);
      const before = storages.get(key);
      if (before && (before.dtype !== storage.dtype || before.length !== length)) {
        throw wrong(`storage '${shown(key)}' is given twice, with different sizes or types`);
      }
      storages.set(key, before ?? storage);
      return before ?? storage;
    },
  };
}

function checkedTensor(
  storage: TorchStorage,
  offset: unknown,
  shape: unknown,
  strides: unknown,
  wrong: (what: string) => UserError,
): TorchTensor {
  const counts = (value: unknown): value is readonly number[] => isTuple(value) && value.every(isCount);
  if (!isCount(offset) || !counts(shape) || !counts(strides) || shape.length !== strides.length) {
    // Not shown: what stands there may be of any size and depth.
    throw wrong('offset, shape and strides of a tensor are not whole numbers from 0');
  }
  if (shape.length > MAX_RANK) throw wrong(`a tensor has ${shape.length} axes`);
  const elements = sizeOf(shape);
  const last = offset + shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis]!, 0);
  if (elements > 0 && last >= storage.length) {
    throw wrong(
      `a tensor of shape [${shape}] and strides [${strides}] ends at value ${last} of storage '${shown(storage.key)}', which has ${storage.length}`,
    );
  }
  // A stride of 0 repeats values: without this bound a few bytes could ask for any amount of memory.
  if (!(elements <= Math.max(storage.length, MAX_REPEATED))) {
    throw wrong(
      `a tensor repeats the ${storage.length} values of storage '${shown(storage.key)}' ${elements} times`,
    );
  }
  return new TorchTensor(storage, offset, shape, strides);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
