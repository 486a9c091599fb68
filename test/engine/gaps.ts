/** Where a device differs from the reference, by kernel (`Sign`) or by kernel and case (`Abs, int32`). */
export interface Gaps {
  /** Relative to the largest number of a result. */
  readonly tolerance: number;
  /** Kernels and cases that need a wider one, and their own. */
  readonly loose: Readonly<Record<string, number>>;
  /** No operator: asking for it is an error that names it. */
  readonly lacks: readonly string[];
  /** No operator for the gradient alone. */
  readonly lacksGradient: readonly string[];
  /** The libraries below compute it wrongly, or fail at it: nothing is expected. Nothing of ours runs it there. */
  readonly errs: readonly string[];
}

const SOUND: Gaps = { tolerance: 1e-5, loose: {}, lacks: [], lacksGradient: [], errs: [] };

/** tfjs's wasm backend. */
const WASM: Gaps = {
  ...SOUND,
  lacks: ['UnsortedSegmentSum'],
  lacksGradient: ['GatherV2'],
  errs: [
    'Log1p, numbers far below 1',
    'ClipByValue, int32',
    'FloorDiv, float32',
    'FloorDiv, int32 beyond 2^24',
    'Select, float32 or int32',
    'Cast, float32 to bool',
    'Sum, none',
    'OneHot, other values, float32',
  ],
};

/** ONNX Runtime's WebGPU provider: no truth values, few whole numbers. */
const WEBGPU: Gaps = {
  tolerance: 3e-5,
  loose: {
    // WebGPU promises an absolute error of 2^-11 within [-pi, pi].
    Sin: 1e-3,
    Cos: 1e-3,
    'StandardiseRows, mean far above the deviation': 1e-3,
    'RowInverseStd, mean far above the deviation': 1e-3,
    'Log1p, numbers far below 1': 1e-3,
  },
  lacks: [
    'ArgMax',
    'ArgMin',
    'TopK',
    'Round',
    'Sign',
    'LogicalOr',
    'MaxPool2dNchwGrad',
    'Abs, int32',
    'Equal, bool',
    'FloorDiv, int32',
    'FloorDiv, int32 beyond 2^24',
    'Identity, bool',
    'Mod, int32',
    'Mod, int32, both signs',
    'Neg, int32',
    'NotEqual, bool',
    'Relu, int32',
    'Select, broadcast',
    'Tile, bool',
    'Transpose, bool',
  ],
  lacksGradient: ['MaxPool2dNchw'],
  errs: ['Pow, row and column'],
};

/** NVIDIA's libraries add in an order of their own. */
const NVIDIA: Gaps = { ...SOUND, tolerance: 3e-5 };

export function gapsOf(device: string): Gaps {
  const kind = device.split(/[:+]/)[0]!;
  const strict: Record<string, Gaps> = {
    wasm: WASM,
    webgpu: WEBGPU,
    cuda: NVIDIA,
    tensorrt: NVIDIA,
    tensorflow: NVIDIA,
  };
  const gaps = strict[kind] ?? SOUND;
  return device.endsWith('+cpu') ? { ...gaps, lacks: [], lacksGradient: [] } : gaps;
}

/** Whether a kernel or one of its cases is in a list. */
export function names(list: readonly string[], kernel: string, testCase: string): boolean {
  return list.includes(kernel) || list.includes(`${kernel}, ${testCase}`);
}

export function toleranceOf({ loose, tolerance }: Gaps, kernel: string, testCase: string): number {
  return loose[`${kernel}, ${testCase}`] ?? loose[kernel] ?? tolerance;
}
