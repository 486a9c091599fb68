import type { Tensor } from '../engine/tf.ts';
import type { CrossAttention } from '../networks/cross-attention.ts';
import type { Schedule } from './schedule.ts';

export type { CrossAttention, CrossAttentionLayer } from '../networks/cross-attention.ts';

/** What a network's output stands for: the noise e of x_t = signal x_0 + noise e, or v = signal e - noise x_0. */
export type PredictionType = 'noise' | 'v';

/** What a network says of x_t, in the prior's own terms; a grid's step turns it into the clean estimate or the noise. */
export interface Prediction {
  /** Of `predicts`' kind, shaped like x_t. */
  readonly value: Tensor;
  /** Where the variance is learned: values in about [-1,1] that place its logarithm between its bounds (ddpm.ts). */
  readonly variance?: Tensor;
}

/** Between pictures [B,C,H,W] in [-1,1] and what the prior diffuses. Differentiable. */
export interface Autoencoder {
  /** Posterior mean of the encoder, or its one value where it has no variance, times the scaling factor. */
  encode(x: Tensor): Tensor;
  /**
   * A sample of the encoder's posterior times the scaling factor: (mean + std gaussian) factor, gaussian [B,c,h,w]; without
   * variance what `encode` gives.
   */
  encodeSample(x: Tensor, gaussian: Tensor): Tensor;
  /** Decoder, with the scaling factor divided out. Not clipped. */
  decode(z: Tensor): Tensor;
}

/** Where pictures lie among texts. Differentiable. */
export interface ClipImage {
  /** Side of the pictures that it takes, in pixels. */
  readonly side: number;
  /** Of pictures [B,3,side,side] in [-1,1], which are normalised here: [B,D], D the width of a prompt's tokens; of any length. */
  features(x: Tensor): Tensor;
}

/** CLIP of noised pictures, whose gradient is CLIP guidance (Nichol et al., arXiv 2112.10741, section 2.4). Differentiable. */
export interface NoisedClip {
  /** Of noised pictures x_t [B,C,H,W] at time t (a scalar tensor): [B,P], of any length. */
  imageFeatures(x: Tensor, t: Tensor): Tensor;
  /** Of B prompts: [B,P], of any length. */
  textFeatures(prompts: readonly string[]): Tensor;
  /** What multiplied their cosines when it was trained, a scalar. */
  readonly scale: Tensor;
}

/** What a prior may have beside its network. */
interface Parts {
  /** It diffuses latents of this autoencoder; without one it diffuses the pictures themselves. */
  readonly autoencoder: Autoencoder;
  /** It takes prompts. `embed`: text embeddings [B,L,D] of B prompts. */
  readonly text: { embed(prompts: readonly string[]): Tensor };
  /** Its network attends to its prompts: the prediction at x_t with `attend` in the place of each layer's attention to them. */
  readonly crossAttention: { predict(x: Tensor, t: Tensor, attend: CrossAttention): Prediction };
  /** CLIP's image tower beside the text tower of its prompts. */
  readonly clipImage: ClipImage;
  /** It sees what the prior diffuses, at every time. */
  readonly noisedClip: NoisedClip;
  /** Its predictions have a variance. */
  readonly learnedVariance: true;
}

/** A diffusion prior of what a blind task looks for beside the picture, over the same times. */
export interface UnknownPrior {
  /** [c,h,w] of what it diffuses. */
  readonly shape: readonly [number, number, number];
  /** The noise, and values that place the variance, of x_t [B,c,h,w] at time t (a scalar tensor). */
  predict(x: Tensor, t: Tensor): Required<Prediction>;
}

/** A diffusion prior. All functions are differentiable; pictures are [B,C,H,W] in [-1,1]. */
export interface Prior extends Partial<Parts> {
  readonly name: string;
  /** [C,H,W] of the pictures. */
  readonly imageShape: readonly [number, number, number];
  /** [c,h,w] of what it diffuses. */
  readonly shape: readonly [number, number, number];
  readonly schedule: Schedule;
  readonly predicts: PredictionType;
  /** Of x_t [B,c,h,w] at time t (a scalar tensor), under the text embeddings c [B,L,D] where it takes prompts. */
  predict(x: Tensor, t: Tensor, c?: Tensor): Prediction;
  /** Networks of what a blind task looks for beside the picture, which then stand for what the task says of it. */
  readonly unknowns?: { readonly kernel?: UnknownPrior; readonly tilt?: UnknownPrior };
  dispose(): void;
}

/** What a solver can ask of a prior: a part, or that it diffuses the pictures themselves. */
export type PriorPart = keyof Parts | 'pixels';

/** A prior that has what these names say. */
export type PriorWith<P extends PriorPart> = Prior & Pick<Parts, Exclude<P, 'pixels'>>;
