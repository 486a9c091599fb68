/** ONNX Runtime, silenced before it loads: everything imports it from here. */
import './no-telemetry.ts';

export * from 'onnxruntime-node';
