import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { PriorWith } from '../../priors/prior.ts';
import ebca from '../../solvers/ebca.ts';
import { nested } from '../../solvers/parts/energy.ts';
import type { State } from '../../solvers/run.ts';
import { scheduleOf } from '../case-priors.ts';
import type { Given } from '../given.ts';
import { ddimSchedule, inversionParams, inversionPrior } from '../inversion-cases.ts';
import { defineMethod, type SolverRun } from '../solver-case.ts';

/** What a composition's official code states of an editorial context. */
export const editing = z.strictObject({
  alpha: z.number(),
  alpha_tau: z.number(),
  gamma_attn: z.number(),
  gamma_norm: z.number(),
  gamma_tau: z.number(),
  direction: z.union([z.literal(1), z.literal(0)]),
});

/** Here the first is added and the second taken away. */
export const editings = z.tuple([
  editing.extend({ direction: z.literal(1) }),
  editing.extend({ direction: z.literal(0) }),
]);

export function editorialOf(p: z.infer<typeof editing>) {
  const { alpha, alpha_tau, gamma_attn, gamma_norm, gamma_tau } = p;
  return {
    alpha,
    alphaFrom: alpha_tau,
    gammaAttn: gamma_attn,
    gammaNorm: gamma_norm,
    gammaFrom: gamma_tau,
  };
}

const { inversion_timesteps: _, ...params } = inversionParams;

const main = {
  num_inference_steps: z.int(),
  guidance_scale: z.number(),
  gamma_attn: z.number(),
  gamma_norm: z.number(),
};

const updated = z.strictObject({
  ...main,
  gamma_schedule: z.literal('reverse_step'),
  gamma_tau: z.number(),
});

const withEditings = z.strictObject({
  ...main,
  gamma_schedule: z.literal('constant'),
  editing: editings,
});

type Main = z.infer<z.ZodObject<typeof main>>;

function common(p: Main, prior: PriorWith<'autoencoder' | 'text' | 'crossAttention'>) {
  return {
    solver: ebca,
    prior,
    of: 'x_T',
    posed: () => ({ captions: ['c'] }),
    records: ({ eU, eC }: State) => ({ eps: tf.concat([eU as Tensor, eC as Tensor]) }),
    params: {
      steps: p.num_inference_steps,
      cfgScale: p.guidance_scale,
      gammaAttn: p.gamma_attn,
      gammaNorm: p.gamma_norm,
    },
  } as const;
}

/** BCU. */
export const ebcaMethod = defineMethod(
  'ebca',
  { ...params, schedule: ddimSchedule, parameters: updated },
  (stated, given): SolverRun => {
    const prior = inversionPrior(given, scheduleOf(stated), stated, 'x_T');
    const p = stated.parameters;
    const run = common(p, prior);
    return {
      ...run,
      params: { ...run.params, gammaUntil: p.gamma_tau },
      known: { contexts: firstContexts(prior, given, p, stated.timesteps[0]!) },
    };
  },
);

/** CACAO. */
export const ebcaCacaoMethod = defineMethod(
  'ebca_cacao',
  { ...params, schedule: ddimSchedule, parameters: withEditings },
  (stated, given): SolverRun => {
    const prior = inversionPrior(given, scheduleOf(stated), stated, 'x_T');
    const p = stated.parameters;
    const run = common(p, prior);
    const [add, remove] = p.editing;
    return {
      ...run,
      params: {
        ...run.params,
        addPrompt: 'c_edit.0',
        add: editorialOf(add),
        removePrompt: 'c_edit.1',
        remove: editorialOf(remove),
      },
      finals({ editorials }) {
        const { empty, told } = editorials as { empty: Tensor; told: readonly Tensor[] };
        return { edit_contexts_final: tf.concat([empty, ...told]) };
      },
      known: { contexts: firstContexts(prior, given, p, stated.timesteps[0]!) },
    };
  },
);

/**
 * [layers,branches,L,D]: the contexts u and c after each layer of the first step, where no other context has a weight or a
 * step size yet.
 */
function firstContexts(prior: PriorWith<'crossAttention'>, given: Given, p: Main, t: number): Tensor {
  const strength = { share: tf.scalar(1), attn: tf.scalar(p.gamma_attn), norm: tf.scalar(p.gamma_norm) };
  const branches = ['u', 'c'].map((name) => {
    const main = nested([{ c: given.tensor(name), ...strength }]);
    const seen: Tensor[] = [];
    prior.crossAttention.predict(given.tensor('x_T'), tf.scalar(t), (layer) => {
      const attended = main.attend(layer);
      seen.push(...main.contexts());
      return attended;
    });
    return tf.stack(seen);
  });
  return tf.concat(branches, 1);
}
