/** The objects that a restricted PyTorch file may hold beside plain data: storages and the tensors that look at them. */
import { UserError } from '../../errors.ts';
import { ITEM_BYTES, type SafetensorsDtype } from '../safetensors.ts';
import { Callable, isTuple, type PickleRules } from './pickle-machine.ts';

/** Values in the file that tensors share. */
export class TorchStorage {
  readonly dtype: SafetensorsDtype;
  /** Its name in the file. */
  readonly key: string;
  /** Number of values. */
  readonly length: number;

  constructor(dtype: SafetensorsDtype, key: string, length: number) {
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

const STORAGES: Readonly<Record<string, SafetensorsDtype>> = {
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
};
/** Values that stand in checkpoints beside tensors and are not read. */
const DTYPES = [
  ...['float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'],
  ...['double', 'float', 'half', 'long', 'int', 'short'],
];
const MAX_RANK = 64;
/** Values that a small storage may be stretched to. */
const MAX_REPEATED = 2 ** 20;
const MAX_NAME_SHOWN = 200;

/** A storage's type, as a pickle names it before it makes one. */
class StorageType {
  readonly dtype: SafetensorsDtype;
  constructor(dtype: SafetensorsDtype) {
    this.dtype = dtype;
  }
}
/** Stands for a torch.dtype. */
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
  const parameter = new Callable('_rebuild_parameter', ([data]) => {
    if (!(data instanceof TorchTensor)) throw wrong('a parameter holds no tensor');
    return data;
  });
  const known = new Map<string, unknown>([
    ['collections.OrderedDict', orderedDict],
    ['torch.Size', size],
    ['torch._utils._rebuild_tensor_v2', tensor],
    ['torch._utils._rebuild_parameter', parameter],
    ...Object.entries(STORAGES).map(([name, dtype]) => [`torch.${name}`, new StorageType(dtype)] as const),
    ...DTYPES.map((name) => [`torch.${name}`, OPAQUE] as const),
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
      if (view !== undefined && view !== null) throw wrong(`storage '${key}' is a view of another one`);
      const storage = new TorchStorage(type.dtype, key, length);
      const before = storages.get(key);
      if (before && (before.dtype !== storage.dtype || before.length !== length)) {
        throw wrong(`storage '${key}' is given twice, with different sizes or types`);
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
  const elements = shape.reduce((product, n) => product * n, 1);
  const last = offset + shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis]!, 0);
  if (elements > 0 && last >= storage.length) {
    throw wrong(
      `a tensor of shape [${shape}] and strides [${strides}] ends at value ${last} of storage '${storage.key}', which has ${storage.length}`,
    );
  }
  // A stride of 0 repeats values: without this bound a few bytes could ask for any amount of memory.
  if (!(elements <= Math.max(storage.length, MAX_REPEATED))) {
    throw wrong(
      `a tensor repeats the ${storage.length} values of storage '${storage.key}' ${elements} times`,
    );
  }
  return new TorchTensor(storage, offset, shape, strides);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
