/**
 * ONNX Runtime reports its use to its maker from version 1.30 on: a device id in the home's cache, look-ups of names, a
 * log file of each process in the temporary folder. The library reads this variable while it loads; children inherit it.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
