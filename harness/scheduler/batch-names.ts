import { groupBy } from '../group-by.ts';
import { byMethod } from '../identity/batch-methods.ts';
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

  /** `p2l (sd) promptSteps=3`, or as the experiment calls it, for the terminal; of several settings `p2l latentStep=1,2`. */
  method(batch: Batch): string {
    const methods = byMethod(batch).map(({ method }) => method);
    const prior = priorAmong(batch.method, this.#plan.report.priors);
    const names = [...groupBy(methods, (method) => this.#called(method))].map(([called, settings]) => {
      const keys = this.#keys(`method ${called}`, ({ method }) =>
        this.#called(method) === called ? method.params : null,
      );
      const params = settings.map(({ params }) => params);
      return called + (prior === null ? '' : ` (${prior})`) + written(params, keys);
    });
    return printable(names.join(', '), NAME);
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
    return printable(task + written([params], keys), NAME);
  }

  #keys(of: string, paramsIn: (batch: Batch) => Params | null): readonly string[] {
    let keys = this.#varying.get(of);
    if (!keys) {
      const all = new Set(this.#plan.batches.flatMap(byMethod).map(paramsIn));
      keys = differingKeys([...all].filter((params) => params !== null));
      this.#varying.set(of, keys);
    }
    return keys;
  }
}

/** ` latentStep=1,2 steps=50` of two settings. */
function written(settings: readonly Params[], keys: readonly string[]): string {
  return keys
    .map((key) => {
      const values = settings.flatMap((params) => (key in params ? formatParam(params[key]) : []));
      return values.length > 0 ? ` ${key}=${[...new Set(values)].join()}` : '';
    })
    .join('');
}
