import { join } from 'node:path';
import * as ort from '../../../harness/engine/onnx/runtime.ts';

/** Every graph that is compiled from here on writes ONNX Runtime's profile into the folder when it is released. */
export function profileSessions(folder: string): void {
  const { InferenceSession } = ort;
  const create = InferenceSession.create.bind(InferenceSession) as (
    model: Uint8Array,
    options?: ort.InferenceSession.SessionOptions,
  ) => Promise<ort.InferenceSession>;
  let sessions = 0;
  const profiled: typeof create = (model, options) =>
    create(model, { ...options, enableProfiling: true, profileFilePrefix: join(folder, String(sessions++)) });
  Object.assign(InferenceSession, { create: profiled });
}
