import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSchedule } from '../../harness/priors/scheduler-file.ts';

const path = join(mkdtempSync(join(tmpdir(), 'tweedie-scheduler-')), 'scheduler_config.json');
function read(config: object, sampler?: 'ddim') {
  writeFileSync(path, JSON.stringify({ clip_sample: false, ...config }));
  return readSchedule(path, sampler);
}

it.each([
  'EulerDiscreteScheduler',
  'EulerAncestralDiscreteScheduler',
  'DPMSolverMultistepScheduler',
  'LMSDiscreteScheduler',
  'DDPMScheduler',
])('%s is read as DDIM when that is asked for, and refused with that word otherwise', (name) => {
  const config = {
    _class_name: name,
    use_karras_sigmas: true,
    timestep_spacing: 'trailing',
    steps_offset: 1,
  };
  expect(read(config, 'ddim')).toMatchObject({
    timestepSpacing: 'trailing',
    stepsOffset: 1,
    setAlphaToOne: true,
    predictionType: 'epsilon',
  });
  expect(() => read(config)).toThrow(
    `${path}: _class_name: found "${name}"; expected DDIMScheduler or PNDMScheduler, or \`scheduler: ddim\` of the prior, which reads this file as DDIM's`,
  );
});

it('what changes the sampler is honoured', () => {
  const euler = {
    _class_name: 'EulerDiscreteScheduler',
    prediction_type: 'v_prediction',
    set_alpha_to_one: false,
  };
  expect(read(euler, 'ddim')).toMatchObject({ predictionType: 'v_prediction', setAlphaToOne: false });
});

it.each([
  [{ prediction_type: 'sample' }, 'prediction_type: found "sample"; '],
  [{ beta_schedule: 'sigmoid' }, 'beta_schedule: found "sigmoid"; '],
  [{ trained_betas: [0.1] }, 'trained_betas: found [0.1]; '],
  [{ rescale_betas_zero_snr: true }, 'rescale_betas_zero_snr: found true; '],
  [{ clip_sample: true }, 'clip_sample: found true; '],
  [
    { clip_sample: undefined },
    'clip_sample: found nothing, which DDIM takes for true: clipping is not implemented; expected false',
  ],
  [{ num_train_timesteps: 1e12 }, 'num_train_timesteps: found 1000000000000; '],
  [
    { _class_name: 'FlowMatchEulerDiscreteScheduler' },
    '_class_name: found "FlowMatchEulerDiscreteScheduler"; ',
  ],
])('or refused: %j', (change, message) => {
  expect(() => read({ _class_name: 'EulerDiscreteScheduler', ...change }, 'ddim')).toThrow(
    `${path}: ${message}`,
  );
});
