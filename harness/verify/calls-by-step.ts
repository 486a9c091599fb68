import type { Tensor } from '../engine/tf.ts';
import { fromTensor, stack, type Values, vector } from './values.ts';

/** What the calls of compiled steps have changed, by name and step. */
export class CallsByStep {
  readonly #recorded = new Map<string, Map<number, Promise<Values>[]>>();

  /** @param step any number of its own */
  add(name: string, step: number, tensor: Tensor): void {
    const steps = this.#recorded.get(name) ?? new Map<number, Promise<Values>[]>();
    this.#recorded.set(name, steps);
    steps.set(step, [...(steps.get(step) ?? []), fromTensor(tensor)]);
  }

  /**
   * [steps, most calls of a step, ...] by name, 0 where a step has made fewer; of [1], numbers.
   * @param counts names of outputs that say how many calls of each step another one has
   */
  async outputs(counts: Readonly<Record<string, string>>): Promise<Record<string, Values>> {
    const outputs: Record<string, Values> = {};
    const made = new Map<string, readonly number[]>();
    for (const [name, steps] of this.#recorded) {
      const all = await Promise.all([...steps.values()].map((calls) => Promise.all(calls)));
      const most = Math.max(...all.map((calls) => calls.length));
      outputs[name] = stack(all.map((calls) => stack(filled(calls.map(number), most))));
      made.set(
        name,
        all.map((calls) => calls.length),
      );
    }
    for (const [name, of] of Object.entries(counts))
      outputs[name] = vector(Int32Array.from(made.get(of) ?? []));
    return outputs;
  }
}

/** A number an image, of the one picture. */
export function number({ shape, data }: Values): Values {
  return { shape: shape.length === 1 ? [] : shape, data };
}

function filled(calls: readonly Values[], most: number): readonly Values[] {
  const [{ shape, data }] = calls as [Values];
  const none = { shape, data: new Float32Array(data.length) };
  return [...calls, ...Array.from({ length: most - calls.length }, () => none)];
}
