import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Plan } from '../../plan/plan.ts';
import type { TimeLimits } from '../../worker/watchdog.ts';
import type { WorkItem } from '../retry-policy.ts';
import { submissionsFolder } from './layout.ts';
import { byResources } from './resources.ts';
import { type Slice, slicesOf } from './slices.ts';
import type { Group, Spec } from './submission.ts';

/** Seconds of work that an element is given: enough that opening a prior does not count, and little to do again. */
const ELEMENT_SECONDS = 600;

/** What is about to be submitted. */
export interface Submittable {
  /** Absolute path of its folder. */
  readonly dir: string;
  readonly spec: Omit<Spec, 'offsets'>;
  readonly slices: readonly Slice[];
}

/** What a submission is made of beside its plan. */
export interface Circumstances {
  /** Absolute path of the results folder. */
  readonly resultsDir: string;
  /** Version of this program. */
  readonly program: string;
  /** NAME@VERSION of the plan. */
  readonly version: string;
  readonly limits: TimeLimits;
  readonly traces: boolean;
  readonly argv: readonly string[];
  /** Seconds of a batch; null: unknown. */
  seconds(batch: WorkItem['batch']): number | null;
}

/** Puts what is to do of a plan into slices for elements. */
export function submittable(plan: Plan, todo: readonly WorkItem[], about: Circumstances): Submittable {
  const { slurm } = plan.executor;
  const groups = byResources(
    todo.map(({ batch }) => batch),
    slurm,
  );
  const numbers = new Map(groups.flatMap(({ batches }, i) => batches.map((batch) => [batch, i] as const)));
  const slices = slicesOf(todo, {
    group: (batch) => numbers.get(batch)!,
    seconds: about.seconds,
    elementSeconds: ELEMENT_SECONDS,
    mostBatches: slurm.batches,
  });
  const { resultsDir, program, version, limits, traces, argv } = about;
  const submitted = new Date().toISOString();
  const spec: Submittable['spec'] = {
    format: 2,
    ...{ program, experiment: plan.name, version, submitted, argv, limits },
    lease: { precision: plan.precision, plugins: plan.plugins, traces },
    metrics: plan.metrics,
    groups: groups.map(({ resources }): Group => {
      const hasNoCard = resources.gres === null && slurm.resources.gres !== null;
      return { resources, device: hasNoCard ? 'cpu' : deviceOfElement(plan) };
    }),
    parallel: slurm.parallel,
  };
  const date = submitted.replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  return {
    dir: join(submissionsFolder(resultsDir), `${date}-${randomBytes(3).toString('hex')}`),
    spec,
    slices,
  };
}

/** Slurm shows each element its own cards alone: the first of those. */
function deviceOfElement({ devices }: Plan): string {
  return devices[0]!.device.replace(/^(cuda|tensorrt|tensorflow):\d+/, '$1:0');
}
