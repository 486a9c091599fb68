/**
 * The environment of a child process: native libraries read theirs once, before the first tensor, so it is fixed when
 * the process starts.
 */
export function childEnvironment(device: string): NodeJS.ProcessEnv {
  const [kind, number] = device.split(':');
  return {
    ...process.env,
    ...(kind === 'tensorflow' && {
      // libtensorflow has no other way to choose a card, and takes all of its memory unless told not to.
      CUDA_VISIBLE_DEVICES: number ?? '0',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    }),
    // TF32 keeps 10 bits of the mantissa: float32 means float32.
    ...((kind === 'cuda' || kind === 'tensorflow') && { NVIDIA_TF32_OVERRIDE: '0' }),
  };
}
