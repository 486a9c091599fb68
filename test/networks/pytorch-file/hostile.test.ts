/** Files that are damaged, or made to harm: each is one UserError, at once, and nothing is run or allocated for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { uniforms } from '../../../harness/engine/random.ts';
import { UserError } from '../../../harness/errors.ts';
import { PytorchFile } from '../../../harness/networks/pytorch-file/pytorch-file.ts';
import { archive, fileOf, op, storage, tensor, zip } from './archives.ts';

function refused(bytes: Uint8Array, message: string): void {
  const path = fileOf(bytes);
  const open = () => new PytorchFile(path);
  expect(open).toThrow(UserError);
  expect(open).toThrow(message);
  expect(open).toThrow(path);
}

it.each([{ wide: false }, { wide: true }])(
  'a file made by hand, %j, is read, so that the others fail for what they say',
  (options) => {
    const data = Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
    const file = new PytorchFile(fileOf(archive(op.dict([op.text('w'), tensor()]), data, options)));
    expect([...file.read('w')]).toEqual([1, 2, 3, 4, 5, 6]);
  },
);

describe('a pickle that would run something', () => {
  it.each([
    ['os', 'system'],
    ['posix', 'system'],
    ['builtins', 'eval'],
    ['builtins', 'getattr'],
    ['__builtin__', 'exec'],
    ['subprocess', 'Popen'],
    ['torch', 'load'],
    ['torch.hub', 'load'],
    ['collections', '__proto__'],
    ['torch.FloatStorage', 'constructor'],
  ])('names %s.%s', (module, name) => {
    const run = op.call(op.global(module, name), op.text('echo pwned'));
    refused(archive(run), `names "${module}.${name}", which is neither a tensor nor plain data`);
    refused(archive(op.dict([op.text('w'), op.global(module, name)])), `names "${module}.${name}"`);
  });

  it('names it by STACK_GLOBAL', () => {
    refused(archive(`${op.text('os')}${op.text('system')}\x93`), 'names "os.system"');
  });

  it.each([
    ['a text', op.text('f')],
    ['a dictionary', '}'],
    ['a storage', storage(6)],
    ['a type', op.global('torch', 'FloatStorage')],
  ])('calls %s', (_, callable) => {
    refused(archive(op.call(callable)), 'it calls something that is no function');
  });

  it.each([
    [
      'arguments that are no tuple',
      `${op.global('collections', 'OrderedDict')}]R`,
      'without a tuple of arguments',
    ],
    [
      'an OrderedDict of no pairs',
      op.call(op.global('collections', 'OrderedDict'), op.list(op.int(1))),
      'no pairs',
    ],
    [
      'a tensor of no storage',
      op.call(op.global('torch._utils', '_rebuild_tensor_v2'), '}'),
      'has no storage',
    ],
    [
      'a parameter of no tensor',
      op.call(op.global('torch._utils', '_rebuild_parameter'), '}'),
      'holds no tensor',
    ],
    ['attributes of a list', ']}b', 'sets attributes of no object'],
    ['items of a list', `]${op.text('k')}${op.text('v')}s`, 'sets items of no dictionary'],
    ['an item in a tuple', `)${op.int(1)}a`, 'appends to no list'],
    ['a value that is missing', 's', 'a value is missing'],
    ['a mark that is missing', 't', 'a mark is missing'],
    ['a memo that is missing', 'h\x07', 'there is no memo 7'],
    ['an opcode of objects', `(${op.text('os')}o`, 'opcode 0x6f is none that torch.save writes'],
    ['a persistent id that is no storage', `${op.text('storage')}Q`, 'a persistent id is no storage'],
    ['a huge integer', `\x8b\xff\xff\xff\x7f`, 'an integer has 2147483647 bytes'],
    ['text longer than the file', 'X\xff\xff\xff\xff', 'cut short'],
  ])('has %s', (_, pickle, message) => {
    refused(archive(pickle), message);
  });

  it('holds itself: its value is no dictionary of tensors, or is passed over', () => {
    refused(archive(']q\x00h\x00a'), 'holds no dictionary of tensors');
    refused(
      archive(`}q\x00${op.text('state_dict')}h\x00s`),
      'holds no dictionary of tensors; found state_dict',
    );
  });

  it('nests deeply', () => {
    refused(archive(`${']'.repeat(100_000)}${'a'.repeat(99_999)}`), 'holds no dictionary of tensors');
    const shape = `${')'}${'\x85'.repeat(100_000)}`;
    const parts = [storage(6), op.int(0), shape, ')', '\x89', '}'];
    refused(
      archive(op.call(op.global('torch._utils', '_rebuild_tensor_v2'), ...parts)),
      'are not whole numbers',
    );
  });

  it('has more operations than any checkpoint', () => {
    refused(archive('N0'.repeat(2 ** 20)), 'it asks for more than 1048576 operations');
  });
});

describe('a small pickle that asks for much', () => {
  const pairs = op.list(...Array.from({ length: 1000 }, () => `NN\x86`));
  const orderedDict = `${pairs}\x85q\x000${op.global('collections', 'OrderedDict')}q\x010`;
  const call = 'h\x01h\x00R0';

  it('copies a list again and again: each copy counts its items', () => {
    const most = Math.floor((2 ** 20 - 5000) / 1012);
    refused(archive(orderedDict + call.repeat(most - 10) + op.dict()), 'holds no dictionary of tensors');
    refused(archive(orderedDict + call.repeat(most + 10)), 'it asks for more than 1048576 operations');
  });

  it('makes empty dictionaries: each counts for its memory', () => {
    refused(archive('}0'.repeat(2 ** 18)), 'it asks for more than 1048576 operations');
  });

  it('stretches many tensors over one storage', () => {
    const wide = tensor({ shape: [2 ** 20], strides: [0] });
    const pairs = Array.from({ length: 20 }, (_, i): [string, string] => [op.text(`w${i}`), wide]);
    refused(archive(op.dict(...pairs)), 'its tensors would take 83886080 bytes; expected at most');
  });

  it('has a storage with a name of a megabyte', () => {
    const path = fileOf(archive(op.dict([op.text('w'), tensor({ key: 'k'.repeat(2 ** 20) })])));
    expect(() => new PytorchFile(path)).toThrow(
      `${path}: is damaged: record '${`a/data/${'k'.repeat(100)}`.slice(0, 100)}...' is missing`,
    );
  });
});

describe('a tensor that does not fit its storage', () => {
  it.each<[string, Parameters<typeof tensor>[0], string]>([
    ['reaches behind it', { shape: [4, 2] }, 'ends at value 7'],
    ['starts behind it', { offset: 1 }, 'ends at value 6'],
    ['has a negative stride', { strides: [-2, 1] }, 'not whole numbers from 0'],
    ['has a negative offset', { offset: -1 }, 'not whole numbers from 0'],
    ['has a negative side', { shape: [-3, 2] }, 'not whole numbers from 0'],
    ['has fewer strides than sides', { strides: [1] }, 'not whole numbers from 0'],
    ['repeats values without end', { shape: [1 << 30, 1 << 30], strides: [0, 0] }, 'repeats the 6 values'],
    [
      'has sides whose product is no number',
      { shape: [...Array(40).fill(1 << 30), 0], strides: Array(41).fill(0) },
      'repeats the 6 values',
    ],
    ['has too many axes', { shape: Array(65).fill(1), strides: Array(65).fill(1) }, 'has 65 axes'],
    [
      'says more values than are stored',
      { length: 7 },
      "storage '0' has 24 bytes; 7 values of type F32 need 28",
    ],
    ['says a negative number of values', { length: -1 }, 'a persistent id is no storage'],
  ])('%s', (_, parts, message) => {
    refused(archive(op.dict([op.text('w'), tensor(parts)])), message);
  });

  it('gives one storage two sizes', () => {
    const both = op.dict(
      [op.text('a'), tensor()],
      [op.text('b'), tensor({ length: 5, shape: [1], strides: [1] })],
    );
    refused(archive(both), "storage '0' is given twice");
  });
});

describe('a container that is damaged', () => {
  const good = archive(op.dict([op.text('w'), tensor()]));
  const pickle = Buffer.from(`\x80\x02${op.dict([op.text('w'), tensor()])}.`, 'latin1');

  it.each<[string, Uint8Array, string]>([
    ['is empty', Buffer.alloc(0), 'is empty'],
    ['is a safetensors file', Buffer.from('\x02\0\0\0\0\0\0\0{}'), 'is not a PyTorch file'],
    ['is a pickle of something else', Buffer.from('\x80\x02}.'), 'is not a PyTorch file'],
    [
      'has no pickle',
      zip([['a/x', { data: pickle }]]),
      'is a zip archive, but not a PyTorch file: expected one record data.pkl, found 0 among a/x',
    ],
    [
      'has two pickles',
      zip([
        ['a/data.pkl', { data: pickle }],
        ['b/data.pkl', { data: pickle }],
      ]),
      'expected one record data.pkl, found 2 among a/data.pkl, b/data.pkl',
    ],
    [
      'names a record twice',
      zip([
        ['a', { data: pickle }],
        ['a', { data: pickle }],
      ]),
      "two records are named 'a'",
    ],
    [
      'gives two records the same bytes',
      zip([
        ['a/data.pkl', { data: pickle }],
        ['a/data/0', { data: new Uint8Array(24), offset: 30 }],
      ]),
      "record 'a/data/0' overlaps the one before it",
    ],
    ['lacks a storage', zip([['a/data.pkl', { data: pickle }]]), "record 'a/data/0' is missing"],
    ['is compressed', zip([['a/data.pkl', { data: pickle, method: 8 }]]), 'is compressed (zip method 8)'],
    ['is encrypted', zip([['a/data.pkl', { data: pickle, flags: 1 }]]), "'a/data.pkl' is encrypted"],
    [
      'claims more than it stores',
      zip([['a/data.pkl', { data: pickle, bytes: 0x7fffffff }]]),
      'has 2147483647 bytes, stored in',
    ],
    [
      'claims more than the file',
      zip([['a/data.pkl', { data: pickle, bytes: 0x7fffffff, stored: 0x7fffffff }]]),
      'should take 2147483647 bytes',
    ],
    [
      'claims zip64 sizes that are missing',
      zip([['a/data.pkl', { data: pickle, bytes: 0xffffffff }]]),
      'lacks its zip64 sizes',
    ],
    [
      'places a record behind its end',
      zip([['a/data.pkl', { data: pickle, offset: 0x7fffffff }]]),
      "record 'a/data.pkl' starts behind its end",
    ],
    [
      'places a record where none is',
      zip([['a/data.pkl', { data: pickle, offset: 3 }]]),
      "record 'a/data.pkl' has no header",
    ],
    [
      'is big-endian',
      zip([
        ['data.pkl', { data: pickle }],
        ['byteorder', { data: Buffer.from('big') }],
      ]),
      "byte order is 'big'",
    ],
  ])('%s', (_, bytes, message) => {
    refused(bytes, message);
  });

  it('is cut short anywhere', () => {
    for (let length = 0; length < good.length; length++) refused(good.subarray(0, length), '.pt');
  });
});

describe('any damage to a good file', () => {
  const folder = fileURLToPath(new URL('../../fixtures/pytorch-file/', import.meta.url));
  const names = readdirSync(folder).filter((name) => name.endsWith('.pt'));

  it.each(names)('is an error of one line, or other tensors of the same file: %s', (name) => {
    const good = readFileSync(folder + name);
    const random = uniforms({ seed: 0, role: 'sample', image: name, draw: 0 });
    for (let i = 0; i < 250; i++) {
      const bytes = Buffer.from(good);
      const changes = 1 + Math.floor(random() * 4);
      for (let k = 0; k < changes; k++) {
        // Half of the changes go to the pickle, which begins every file.
        const reach = random() < 0.5 ? Math.min(1000, bytes.length) : bytes.length;
        bytes[Math.floor(random() * reach)] = Math.floor(random() * 256);
      }
      const path = fileOf(bytes);
      try {
        const file = new PytorchFile(path);
        for (const [tensor, { dtype }] of file.entries) {
          file.offset(tensor);
          if (!['I32', 'I16', 'I8', 'BOOL'].includes(dtype)) file.read(tensor);
        }
        file.close();
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
    }
  });
});
