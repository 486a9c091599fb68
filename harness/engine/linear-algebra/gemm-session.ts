/** Sessions of ONNX Runtime that multiply matrices, one a variant. */
import { availableParallelism } from 'node:os';
import protobuf from 'protobufjs';
import * as ort from '../onnx/runtime.ts';
import type { Matrix } from './gemm.ts';

/** A session is made for each. */
export interface Variant {
  readonly transA: boolean;
  readonly transB: boolean;
  readonly negate: boolean;
  /** There is something to add to the product. */
  readonly adds: boolean;
  readonly large: boolean;
}

/** Writes +-op(a) op(b) + c into y. */
export async function runGemm(
  variant: Variant,
  { a, b, c }: { readonly a: Matrix; readonly b: Matrix; readonly c: Matrix | undefined },
  y: Matrix,
): Promise<void> {
  const session = await sessionFor(variant);
  await session.run({ a: tensor(a), b: tensor(b), ...(c && { c: tensor(c) }) }, { y: tensor(y) });
}

function tensor({ rows, columns, data }: Matrix): ort.Tensor {
  return new ort.Tensor('float64', data, [rows, columns]);
}

const sessions = new Map<string, Promise<ort.InferenceSession>>();

function sessionFor(variant: Variant): Promise<ort.InferenceSession> {
  const key = JSON.stringify(variant);
  let session = sessions.get(key);
  if (!session) {
    session = ort.InferenceSession.create(gemmModel(variant), {
      executionProviders: ['cpu'],
      intraOpNumThreads: variant.large ? availableParallelism() : 1,
      // Threads that spin between calls take the processor from the JavaScript between them.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      logSeverityLevel: 3,
    });
    sessions.set(key, session);
  }
  return session;
}

const DOUBLE = 11;
const OPSET = 20;

/** An ONNX model of one Gemm with free sizes. Field numbers are those of onnx.proto. */
function gemmModel({ transA, transB, negate, adds }: Variant): Uint8Array {
  const inputs = adds ? ['a', 'b', 'c'] : ['a', 'b'];
  const node = [
    ...inputs.map((name) => text(1, name)),
    text(2, 'y'),
    text(4, 'Gemm'),
    message(5, [text(1, 'transA'), whole(3, Number(transA)), whole(20, 2)]),
    message(5, [text(1, 'transB'), whole(3, Number(transB)), whole(20, 2)]),
    message(5, [text(1, 'alpha'), (w) => w.uint32((2 << 3) | 5).float(negate ? -1 : 1), whole(20, 1)]),
  ];
  const value = (name: string): Field[] => {
    const shape = message(2, [message(1, [text(2, `${name}0`)]), message(1, [text(2, `${name}1`)])]);
    return [text(1, name), message(2, [message(1, [whole(1, DOUBLE), shape])])];
  };
  const graph = [message(1, node), text(2, 'gemm'), ...inputs.map((name) => message(11, value(name)))];
  const writer = protobuf.Writer.create();
  const model = [whole(1, 9), message(7, [...graph, message(12, value('y'))]), message(8, [whole(2, OPSET)])];
  for (const field of model) field(writer);
  return writer.finish();
}

type Field = (writer: protobuf.Writer) => unknown;
const whole =
  (id: number, value: number): Field =>
  (w) =>
    w.uint32(id << 3).int64(value);
const text =
  (id: number, value: string): Field =>
  (w) =>
    w.uint32((id << 3) | 2).string(value);
const message =
  (id: number, fields: readonly Field[]): Field =>
  (w) => {
    w.uint32((id << 3) | 2).fork();
    for (const field of fields) field(w);
    w.ldelim();
  };
