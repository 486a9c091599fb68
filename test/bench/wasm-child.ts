/** Runs cases on tfjs's wasm backend when asked to by wasm.ts. */
import { CASES } from './cases/index.ts';
import { InProcess } from './contender.ts';
import type { WasmAnswer, WasmRequest } from './wasm.ts';

const wasm = new InProcess('tfjs-wasm', 'wasm', 'float32');

async function answer(request: WasmRequest): Promise<WasmAnswer> {
  if ('runs' in request) return { ms: await wasm.time(request.runs) };
  const { name, batch } = request;
  return wasm.prepare(CASES.find((c) => c.name === name && c.batch === batch)!);
}

process.on('message', (request: WasmRequest) => {
  answer(request).then(
    (result) => process.send!(result),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
