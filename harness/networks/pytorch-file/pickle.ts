/**
 * A machine for the pickles that torch.save writes (CPython's Lib/pickletools.py documents the opcodes). It builds lists,
 * dictionaries, strings and numbers itself; what globals and persistent ids mean is for its rules to say, and what they do
 * not know is an error. It never imports or calls anything else.
 */
import { PickleMachine, type PickleRules } from './pickle-machine.ts';

/**
 * Reads one pickle that begins at `start`. Lists become arrays, tuples frozen arrays, dictionaries maps, long integers
 * bigints where a double does not hold them.
 * @returns the value, and where the pickle ends
 * @throws UserError naming `source` and the byte, also for a pickle that asks for more work than any checkpoint
 */
export function unpickle(
  bytes: Buffer,
  start: number,
  rules: PickleRules,
  source: string,
): { value: unknown; end: number } {
  const machine = new PickleMachine(bytes, start, rules, source);
  for (;;) {
    machine.spend(1);
    const opcode = machine.byte();
    if (opcode === STOP) return { value: machine.pop(), end: machine.position };
    const operation = OPERATIONS.get(opcode);
    if (!operation) {
      throw machine.fail(`opcode 0x${opcode.toString(16).padStart(2, '0')} is none that torch.save writes`);
    }
    operation(machine);
  }
}

const tuple = (items: unknown[]): readonly unknown[] => Object.freeze(items);
/** The last `count` values as a tuple. */
const lastTuple = (count: number) => (m: PickleMachine) => {
  m.push(tuple(Array.from({ length: count }, () => m.pop()).reverse()));
};
const code = (character: string) => character.charCodeAt(0);
const STOP = code('.');

/** By opcode. Not here: INST, OBJ, NEWOBJ, EXT and the text forms of protocol 0, which torch.save never writes. */
const OPERATIONS: ReadonlyMap<number, (m: PickleMachine) => void> = new Map([
  [0x80, (m) => void m.take(1)], // PROTO
  [0x95, (m) => void m.take(8)], // FRAME
  [code('('), (m) => m.mark()],
  [code('0'), (m) => void m.pop()],
  [code('1'), (m) => void m.popMark()],
  [code('2'), (m) => m.push(m.top())], // DUP
  [code('N'), (m) => m.push(null)],
  [0x88, (m) => m.push(true)],
  [0x89, (m) => m.push(false)],
  [code('J'), (m) => m.push(m.take(4).readInt32LE())], // BININT, BININT1, BININT2, LONG1, LONG4, BINFLOAT
  [code('K'), (m) => m.push(m.length(1))],
  [code('M'), (m) => m.push(m.length(2))],
  [0x8a, (m) => m.push(m.long(1))],
  [0x8b, (m) => m.push(m.long(4))],
  [code('G'), (m) => m.push(m.take(8).readDoubleBE())],
  [code('X'), (m) => m.push(m.text(4))], // BINUNICODE, SHORT_BINUNICODE, BINUNICODE8
  [0x8c, (m) => m.push(m.text(1))],
  [0x8d, (m) => m.push(m.text(8))],
  [code('U'), (m) => m.push(m.take(m.length(1)).toString('latin1'))], // text of Python 2
  [code('T'), (m) => m.push(m.take(m.length(4)).toString('latin1'))],
  [code('}'), (m) => m.dictionary([])],
  [code('d'), (m) => m.dictionary(m.popMark())],
  [code('s'), (m) => m.setItems([m.pop(), m.pop()].reverse())],
  [code('u'), (m) => m.setItems(m.popMark())],
  [code(']'), (m) => m.push([])],
  [code('l'), (m) => m.push(m.popMark())],
  [code('a'), (m) => m.append([m.pop()])],
  [code('e'), (m) => m.append(m.popMark())],
  [code(')'), (m) => m.push(tuple([]))],
  [code('t'), (m) => m.push(tuple(m.popMark()))],
  [0x85, lastTuple(1)],
  [0x86, lastTuple(2)],
  [0x87, lastTuple(3)],
  [code('q'), (m) => m.remember(m.length(1))], // BINPUT, LONG_BINPUT, MEMOIZE
  [code('r'), (m) => m.remember(m.length(4))],
  [0x94, (m) => m.rememberNext()],
  [code('h'), (m) => m.recall(m.length(1))],
  [code('j'), (m) => m.recall(m.length(4))],
  [code('c'), (m) => m.global(m.line(), m.line())],
  [0x93, (m) => m.global(...([m.popString(), m.popString()].reverse() as [string, string]))], // STACK_GLOBAL
  [code('Q'), (m) => m.persistent()],
  [code('R'), (m) => m.reduce()],
  [code('b'), (m) => m.build()],
]);
