/**
 * The tensor API: TensorFlow.js. Everything imports it from here, because Node's ESM loader can only reach the
 * umbrella package (the deep imports of tfjs-core lack file extensions), and as a CommonJS default import.
 */
import tf from '@tensorflow/tfjs';

export type {
  DataType,
  GradFunc,
  NamedAttrMap,
  NamedTensorMap,
  Rank,
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  TensorInfo,
} from '@tensorflow/tfjs';
export { tf };
