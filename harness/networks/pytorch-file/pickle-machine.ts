import { UserError } from '../../errors.ts';

/** Something a pickle may call with arguments. */
export class Callable {
  readonly name: string;
  readonly call: (args: readonly unknown[]) => unknown;

  constructor(name: string, call: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/** What a pickle may name. Both throw UserError for what they do not know. */
export interface PickleRules {
  global(module: string, name: string): unknown;
  persistent(id: unknown): unknown;
}

const MAX_LONG_BYTES = 64;
/** Of an empty dictionary or a call, in operations: some hundred bytes each. */
const OBJECT = 8;
/** A checkpoint of 5,000 tensors takes about 300,000; each may create an object or copy a value. */
const MAX_WORK = 2 ** 20;

/** The stacks, the memo and the place in the bytes; what one opcode does is a method or a line of OPERATIONS. */
export class PickleMachine {
  readonly #bytes: Buffer;
  readonly #rules: PickleRules;
  readonly #source: string;
  readonly #memo = new Map<number, unknown>();
  /** Stacks put aside by MARK. */
  readonly #below: unknown[][] = [];
  #stack: unknown[] = [];
  #at: number;
  #work = 0;

  constructor(bytes: Buffer, start: number, rules: PickleRules, source: string) {
    this.#bytes = bytes;
    this.#at = start;
    this.#rules = rules;
    this.#source = source;
  }

  /** Where the next byte is read. */
  get position(): number {
    return this.#at;
  }

  /** Counts work, so that what a small pickle asks for has an end. */
  spend(operations: number): void {
    this.#work += operations;
    if (this.#work > MAX_WORK) throw this.fail(`it asks for more than ${MAX_WORK} operations`);
  }

  fail(what: string): UserError {
    return new UserError(`${this.#source}: the pickle is damaged or unsafe at byte ${this.#at}: ${what}`);
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    if (this.#stack.length === 0) throw this.fail('a value is missing');
    return this.#stack.pop();
  }

  top(): unknown {
    const value = this.pop();
    this.#stack.push(value);
    return value;
  }

  mark(): void {
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  /** Everything since the last mark. */
  popMark(): unknown[] {
    const items = this.#stack;
    const below = this.#below.pop();
    if (!below) throw this.fail('a mark is missing');
    this.#stack = below;
    return items;
  }

  popString(): string {
    const value = this.pop();
    if (typeof value !== 'string') throw this.fail('expected text');
    return value;
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
  }

  rememberNext(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) throw this.fail(`there is no memo ${index}`);
    this.push(this.#memo.get(index));
  }

  global(module: string, name: string): void {
    this.push(this.#rules.global(module, name));
  }

  persistent(): void {
    this.spend(OBJECT);
    this.push(this.#rules.persistent(this.pop()));
  }

  reduce(): void {
    const args = this.pop();
    const callable = this.pop();
    if (!(callable instanceof Callable)) throw this.fail('it calls something that is no function');
    if (!isTuple(args)) throw this.fail(`${callable.name} is called without a tuple of arguments`);
    // Every item of an argument may be looked at or copied.
    this.spend(args.reduce<number>((sum, arg) => sum + (Array.isArray(arg) ? arg.length : 0), OBJECT));
    this.push(callable.call(args));
  }

  /** Attributes of a dictionary (state_dict's _metadata) change nothing. */
  build(): void {
    const state = this.pop();
    if (!(this.top() instanceof Map && state instanceof Map))
      throw this.fail('it sets attributes of no object');
  }

  append(items: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list) || Object.isFrozen(list)) throw this.fail('it appends to no list');
    for (const item of items) list.push(item);
  }

  dictionary(items: readonly unknown[]): void {
    this.spend(OBJECT);
    this.push(new Map());
    this.setItems(items);
  }

  setItems(items: readonly unknown[]): void {
    const dictionary = this.top();
    if (!(dictionary instanceof Map)) throw this.fail('it sets items of no dictionary');
    if (items.length % 2) throw this.fail('a value is missing');
    for (let i = 0; i < items.length; i += 2) dictionary.set(items[i], items[i + 1]);
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  /** The next bytes; an error where the pickle ends before. */
  take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) throw this.fail('it is cut short');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** An unsigned little-endian length of 1, 2, 4 or 8 bytes. */
  length(size: 1 | 2 | 4 | 8): number {
    const bytes = this.take(size);
    return size === 8 ? Number(bytes.readBigUInt64LE()) : bytes.readUIntLE(0, size);
  }

  text(size: 1 | 4 | 8): string {
    return this.take(this.length(size)).toString('utf8');
  }

  /** Text up to the end of the line. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw this.fail('it is cut short');
    const text = this.take(end - this.#at).toString('utf8');
    this.take(1);
    return text;
  }

  /** A two's complement integer. */
  long(size: 1 | 4): number | bigint {
    const count = this.length(size);
    if (count > MAX_LONG_BYTES) throw this.fail(`an integer has ${count} bytes`);
    if (count === 0) return 0;
    const hex = Buffer.from(this.take(count)).reverse().toString('hex');
    const value = BigInt.asIntN(8 * count, BigInt(`0x${hex}`));
    const double = Number(value);
    return Number.isSafeInteger(double) ? double : value;
  }
}

export function isTuple(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && Object.isFrozen(value);
}
