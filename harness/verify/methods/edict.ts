import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { Schedule } from '../../priors/schedule.ts';
import edict from '../../solvers/inversions/edict.ts';
import { editor, inverter } from '../../solvers/inversions/inversion.ts';
import type { State, Visit } from '../../solvers/run.ts';
import { scheduleOf } from '../case-priors.ts';
import {
  ddimSchedule,
  goesUp,
  inversionParams,
  inversionPrior,
  onTheWayDown,
  toEdit,
  toInvert,
} from '../inversion-cases.ts';
import { defineMethod } from '../solver-case.ts';

const parameters = z.strictObject({
  steps: z.int(),
  /** The times that are walked say it. */
  init_image_strength: z.number(),
  guidance_scale: z.number(),
  mix_weight: z.number(),
  leapfrog_steps: z.boolean(),
});

const schedule = ddimSchedule.omit({ steps_offset: true, timestep_spacing: true });

/** Levels between two times, with the weights of the two exchanged, as the official code has them. */
function withFractions(schedule: Schedule): Schedule {
  return {
    ...schedule,
    level(t) {
      if (t < 0 || Number.isInteger(t)) return schedule.level(t);
      const [below, above] = [Math.floor(t), Math.ceil(t)].map((t) => schedule.level(t).signal ** 2);
      const abar = below! * (t - Math.floor(t)) + above! * (Math.ceil(t) - t);
      return { signal: Math.sqrt(abar), noise: Math.sqrt(1 - abar) };
    },
  };
}

export const edictMethod = defineMethod(
  'edict',
  { ...inversionParams, schedule, parameters, timesteps_all: z.array(z.int()) },
  (stated, given) => {
    const p = stated.parameters;
    const common = {
      prior: inversionPrior(given, withFractions(scheduleOf(stated)), stated),
      of: 'z_0',
      startsAtXT: false,
    } as const;
    const params = {
      steps: stated.timesteps.length,
      cfgScale: p.guidance_scale,
      mixing: p.mix_weight,
      leapfrog: p.leapfrog_steps,
    };
    const pair = ({ z, w }: State) => tf.stack([z as Tensor, w as Tensor]);
    /** A call moves one of the two, mixing both. */
    const updates = (ways: Record<'up' | 'down', string>) => (changed: State, visit: Visit<unknown>) => {
      const moved = [changed.z, changed.w].filter((latent) => latent !== undefined);
      return moved.length === 1 ? { [ways[goesUp(visit) ? 'up' : 'down']]: moved[0] as Tensor } : {};
    };
    return [
      {
        ...common,
        solver: editor(edict),
        params,
        posed: toEdit,
        watched: onTheWayDown,
        calls: updates({ up: 'inversion_updates', down: 'edit_updates' }),
        finals: (state, visit) => ({ [goesUp(visit) ? 'inverted_pair' : 'edit_pair']: pair(state) }),
      },
      {
        ...common,
        solver: inverter(edict),
        params: { ...params, prompt: 'c' },
        posed: toInvert,
        watched: onTheWayDown,
        finals: (state) => ({ reconstruction_pair: pair(state) }),
      },
    ];
  },
);
