import type { Tree } from '../../engine/compile.ts';
import type { Device } from '../../engine/device.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { type Objective, type TrainerOptions, train } from '../trainer.ts';
import type { WeightPlace } from '../weights.ts';

/** A run of one kind of training. */
export interface Job extends Pick<Objective<Tree>, 'specs'> {
  /** Where the weights lie in the model's folder. */
  readonly places: readonly WeightPlace[];
  train(options: TrainerOptions): ReturnType<typeof train>;
  /** What is left to do once the weights are written; returns what it measures. */
  finish(checkpoint: Checkpoint): Promise<Record<string, number>>;
}

/** Hides the type of an objective's batches, which concern nobody else. */
export function jobOf<B extends Tree>(
  device: Device,
  objective: Objective<B>,
  rest: Pick<Job, 'places' | 'finish'>,
): Job {
  return { ...rest, specs: objective.specs, train: (options) => train(device, objective, options) };
}
