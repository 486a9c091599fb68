import type { Tensor } from '../engine/tf.ts';
import type { NoiseSchedule } from './schedule.ts';

/** A text-conditioned latent diffusion prior. All functions are differentiable; images are [B,C,H,W] in [-1,1]. */
export interface LatentPrior {
  readonly space: 'latent';
  readonly name: string;
  /** Toy priors are labelled wherever their results show. */
  readonly toy: boolean;
  readonly imageShape: readonly [number, number, number];
  readonly latentShape: readonly [number, number, number];
  readonly schedule: NoiseSchedule;
  /** sha256 over all weight files: part of every cell's key. */
  readonly weightsSha256: string;
  /** Noise prediction eps(z_t, t, c): z [B,c,h,w], t scalar tensor (training time step), c [B,L,D]. */
  predict(z: Tensor, t: Tensor, c: Tensor): { noise: Tensor };
  /** Posterior mean of the encoder times the scaling factor. */
  encode(x: Tensor): Tensor;
  /** A sample of the encoder's posterior times the scaling factor: (mean + std gaussian) factor, gaussian [B,c,h,w]. */
  encodeSample(x: Tensor, gaussian: Tensor): Tensor;
  /** Decoder, with the scaling factor divided out. Not clipped. */
  decode(z: Tensor): Tensor;
  /** Text embeddings [B,L,D] of B prompts. */
  embed(prompts: readonly string[]): Tensor;
  dispose(): void;
}

/** An unconditional diffusion prior of the images themselves, with learned variance. Images are [B,C,H,W] in [-1,1]. */
export interface PixelPrior {
  readonly space: 'pixel';
  readonly name: string;
  /** Toy priors are labelled wherever their results show. */
  readonly toy: boolean;
  readonly imageShape: readonly [number, number, number];
  /** Of the training steps, float64. */
  readonly betas: Float64Array;
  /** sha256 over all weight files: part of every cell's key. */
  readonly weightsSha256: string;
  /**
   * Noise prediction eps(x_t, t), and the values in about [-1,1] that place the log-variance between its bounds
   * (ddpm.ts). x [B,C,H,W], t scalar tensor (training time step). Differentiable.
   */
  predict(x: Tensor, t: Tensor): { noise: Tensor; variance: Tensor };
  dispose(): void;
}

export type Prior = LatentPrior | PixelPrior;
