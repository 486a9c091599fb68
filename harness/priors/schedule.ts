/** A discrete noise schedule as diffusers' scheduler_config.json states it. */
export interface NoiseSchedule {
  readonly numTrainTimesteps: number;
  /** alphas_cumprod, float64, entry t is alpha-bar after t+1 noising steps (diffusers' indexing). */
  readonly alphasCumprod: Float64Array;
  readonly timestepSpacing: 'leading' | 'trailing' | 'linspace';
  readonly stepsOffset: number;
  readonly setAlphaToOne: boolean;
  readonly predictionType: 'epsilon' | 'v_prediction';
}
