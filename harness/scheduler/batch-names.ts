import { differingKeys, formatParam } from '../identity/param-text.ts';
import type { Batch, MethodRef, Params } from '../identity/refs.ts';
import { type Plan, priorAmong } from '../plan/plan.ts';
import { NAME, printable } from '../text/terminal.ts';

/** What a person calls the batches of a plan: no longer than tells each from the others. */
export class BatchNames {
  readonly #plan: Plan;
  /** By solver and by task: the parameters whose values differ in the plan. */
  readonly #varying = new Map<string, readonly string[]>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** `p2l (sd) promptSteps=3`, or as the experiment calls it, for the terminal. */
  method({ method }: Batch): string {
    const prior = priorAmong(method, this.#plan.report.priors);
    const called = this.#called(method);
    const keys = this.#keys(`method ${called}`, (other) =>
      this.#called(other.method) === called ? other.method.params : null,
    );
    return printable(called + (prior === null ? '' : ` (${prior})`) + written(method.params, keys), NAME);
  }

  /** The label of its entry, which may be of a grid. */
  #called({ key, name }: MethodRef): string {
    return this.#plan.report.labels?.[key] ?? name;
  }

  /** `super-resolution factor=8`, for the terminal. */
  setting({ setting: { task, params } }: Batch): string {
    const keys = this.#keys(`task ${task}`, (other) =>
      other.setting.task === task ? other.setting.params : null,
    );
    return printable(task + written(params, keys), NAME);
  }

  #keys(of: string, paramsIn: (batch: Batch) => Params | null): readonly string[] {
    let keys = this.#varying.get(of);
    if (!keys) {
      const all = new Set(this.#plan.batches.map(paramsIn));
      keys = differingKeys([...all].filter((params) => params !== null));
      this.#varying.set(of, keys);
    }
    return keys;
  }
}

function written(params: Params, keys: readonly string[]): string {
  return keys
    .filter((key) => key in params)
    .map((key) => ` ${key}=${formatParam(params[key])}`)
    .join('');
}
