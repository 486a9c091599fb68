import type { MappedFiles } from './model.ts';
import type * as ort from './runtime.ts';

/** Up to so many bytes of weights, as an autoencoder's decoder has, a graph is worth copies of them in its own layout. */
const COPIED_UP_TO = 256 * 2 ** 20;

/**
 * Options for graphs with weights in files. ONNX Runtime maps these, and all graphs share the pages; buffers of a run go
 * back to the system.
 */
export function mappedWeights({ root, bytes }: MappedFiles): ort.InferenceSession.SessionOptions {
  const { session, ...layouts } = bytes <= COPIED_UP_TO ? COPIES : NO_COPIES;
  return {
    ...layouts,
    enableCpuMemArena: false,
    enableMemPattern: false,
    extra: {
      ...layouts.extra,
      session: { model_external_initializers_file_folder_path: root, ...session },
    },
  };
}

/** Convolutions in blocks of channels, a third faster; once more the weights' size, twice with a gradient. */
const COPIES = { graphOptimizationLevel: 'all', session: {}, extra: {} } as const;

/** With neither other layouts nor packed weights a graph needs next to no memory of its own for them. */
const NO_COPIES = {
  graphOptimizationLevel: 'extended',
  session: { disable_prepacking: '1' },
  // Weights that a gradient turns round are turned at each run: folded, each would be a copy that stays.
  extra: { optimization: { disable_specified_optimizers: 'ConstantFolding' } },
} as const;
