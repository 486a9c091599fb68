import { type Compile, flatten, type Tree } from '../engine/compile.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { awaited, calledFrom, changedBy, requireGrid, requireRole, requireState } from './author-mistakes.ts';
import type { CallTally } from './call-tally.ts';
import type { Coefficients, Grid } from './parts/grids.ts';
import type { Calls, Choice, Given, ImageName, Run, State, Step, TaskName, Visit } from './run.ts';
import { type Place, requireScalars, type Trace } from './trace.ts';

/** What a run takes from outside: the harness's streams and devices, or what a reference case states. */
export interface RunSource {
  readonly images: readonly ImageName[];
  readonly task?: TaskName;
  readonly compile: Compile;
  normal(role: 'initial' | 'step', shape: readonly number[]): Tensor;
  uniform(role: 'step', shape: readonly number[]): Tensor;
  progress(done: number, total: number): void;
  /** Counts what the solver's prior is asked. */
  readonly tally: CallTally;
  /** Takes what the solver says of its steps; absent where nobody has asked. */
  readonly trace?: Trace;
  /** Told of every call of a compiled step: what it has changed of the state. */
  onCall?(visit: Visit<unknown>, changed: State): void;
  /** Told of every step: the trajectory. */
  onStep?(visit: Visit<unknown>, state: State): void;
  /** Another way through the same times than the solver's own. */
  legsOf?<At>(grid: Grid<At>): Grid<At>['legs'];
}

/** Where a picture of the batch became NaN or infinite first. */
export interface Lost {
  readonly step: number;
  readonly of: number;
  readonly t: number;
  readonly name: string;
}

interface Here {
  readonly index: number;
  readonly coefficients: Coefficients;
  /** null where no leg of the grid adds noise. */
  readonly gaussian: Tensor | null;
}

/** What a compiled step is fed. */
interface StepFeeds {
  readonly state: State;
  readonly c: Coefficients;
  readonly gaussian: Tensor | number;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** The same inside the graph. */
interface StepArguments {
  readonly state: State;
  readonly c: Readonly<Record<string, Tensor>>;
  readonly gaussian: Tensor;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** The run of one batch. */
export class SamplingRun implements Run {
  readonly batch: number;
  readonly images: readonly ImageName[];
  readonly task?: TaskName;
  readonly compile: Compile;
  /** By image of the batch. */
  readonly lost = new Map<number, Lost>();
  readonly #source: RunSource;
  readonly #visits = new Map<Visit<unknown>, Here>();
  #place: Place | null = null;
  #steps = 0;
  #state: State = {};

  constructor(source: RunSource) {
    this.#source = source;
    this.images = source.images;
    if (source.task) this.task = source.task;
    this.batch = source.images.length;
    this.compile = ((fn) => this.#counted(fn)) as Compile;
  }

  each: Run['each'] = (prompt, captions) => {
    if (typeof prompt === 'string') return new Array<string>(this.batch).fill(prompt);
    if (captions?.length === this.batch) return [...captions];
    const found = captions ? `${captions.length} captions` : 'no captions';
    throw new Error(
      `run.each: a prompt from captions, and ${found} for ${this.batch} images; expected run.each(prompt, captions) with those given`,
    );
  };
  normal: Run['normal'] = (role, shape) => {
    requireRole('normal', role, ['initial', 'step']);
    return this.#source.normal(role, shape);
  };
  uniform: Run['uniform'] = (role, shape) => {
    requireRole('uniform', role, ['step']);
    return this.#source.uniform(role, shape);
  };
  progress: Run['progress'] = (done, total) => {
    this.#source.progress(done, total);
    this.#place = { step: done, of: total };
  };
  trace: Run['trace'] = async (scalars, pictures) => {
    requireScalars(scalars, this.batch);
    if (!this.#place)
      throw new Error(
        'run.trace: called outside of all steps; expected inside `for (const at of run.steps(grid))` or after run.progress(done, total)',
      );
    const { trace, tally } = this.#source;
    const apart = pictures && (() => tally.during(pictures).result);
    await trace?.add(this.#place, this.batch, scalars, apart);
  };
  count = (calls: Calls): void => this.#source.tally.add(calls);

  step = <S extends State, At, G extends Given>(
    fn: (state: S, at: At, given: G) => Partial<S>,
  ): Step<S, At, G> => {
    const graphs = new Map<string, (args: StepFeeds) => Promise<Partial<S>>>();
    const call: Step<S, At, G> = async (state, visit, given) => {
      const [tensors, choices] = split(given ?? {});
      const key = JSON.stringify(choices);
      let graph = graphs.get(key);
      if (!graph) {
        graph = this.#counted(({ state, c, gaussian, tensors }: StepArguments) =>
          changedBy(fn(state as S, visit.grid.at(c, gaussian), { ...tensors, ...choices } as G)),
        ) as unknown as (args: StepFeeds) => Promise<Partial<S>>;
        graphs.set(key, graph);
      }
      const here = this.#here(visit);
      const changed = await graph({ state, c: here.coefficients, gaussian: here.gaussian ?? 0, tensors });
      const next = { ...state, ...changed };
      free([...Object.keys(changed).map((name) => state[name] ?? []), tensors], next);
      this.#state = next;
      this.#source.onCall?.(visit as Visit<unknown>, changed as State);
      await this.#lookForNaN(here, visit.t, changed as State);
      return next;
    };
    return (state, visit, given) => {
      requireState(state);
      const caller = new Error();
      const next = call(state, visit, given).catch((error) => {
        throw calledFrom(error, caller);
      });
      return awaited(next, state);
    };
  };

  *steps<At>(grid: Grid<At>): Generator<Visit<At>> {
    requireGrid(grid);
    const legs = this.#source.legsOf?.(grid) ?? grid.legs;
    const all = grid.coefficients(legs);
    const noisy = all.some(({ fresh }) => fresh > 0);
    this.#steps = legs.length;
    for (const [index, { t, next }] of legs.entries()) {
      const visit: Visit<At> = { n: legs.length - index, t, next, grid };
      const here: Here = {
        index,
        coefficients: all[index]!,
        gaussian: noisy ? this.#fresh(grid, all[index]!) : null,
      };
      this.#visits.set(visit as Visit<unknown>, here);
      this.#place = { step: index + 1, of: legs.length };
      yield visit;
      this.#source.onStep?.(visit as Visit<unknown>, this.#state);
      here.gaussian?.dispose();
      this.#visits.delete(visit as Visit<unknown>);
      this.progress(index + 1, legs.length);
    }
  }

  /** Compiles; what a graph asks of networks is seen at its trace and counted at each call. */
  #counted<A, R>(fn: (args: A) => R): (args: A) => Promise<R> {
    const { tally, compile } = this.#source;
    // Steps are trees of tensors whatever their names are, which the types of `compile` cannot say without recursion.
    const compileAny = compile as unknown as (fn: (args: A) => R) => (args: A) => Promise<R>;
    let calls: Calls = {};
    const compiled = compileAny((args) => {
      const { result, made } = tally.during(() => fn(args));
      calls = made;
      return result;
    });
    return async (args) => {
      const result = await compiled(args);
      tally.add(calls);
      return result;
    };
  }

  #here<At>(visit: Visit<At>): Here {
    const here = this.#visits.get(visit as Visit<unknown>);
    if (here) return here;
    // JavaScript lets a plug-in call a step with anything, or with nothing.
    const isVisit = typeof visit === 'object' && visit !== null && 'grid' in visit;
    const other = visit === undefined ? 'no `at`' : `a value of type ${typeof visit} as its \`at\``;
    const found = isVisit ? 'an `at` that its loop has left behind' : other;
    throw new Error(
      `a step was called with ${found}; expected step(state, at) inside \`for (const at of run.steps(grid))\``,
    );
  }

  /** The leg's noise; in a grid that adds noise a leg that adds none gets zeros, so that all share one graph. */
  #fresh<At>({ shape }: Grid<At>, { fresh }: Coefficients): Tensor {
    return fresh > 0 ? this.normal('step', shape) : tf.zeros([this.batch, ...shape]);
  }

  async #lookForNaN({ index }: Here, t: number, changed: State): Promise<void> {
    for (const [name, tree] of Object.entries(changed)) {
      for (const leaf of flatten(tree).leaves) {
        if (typeof leaf === 'number' || leaf.dtype !== 'float32' || leaf.shape[0] !== this.batch) continue;
        const values = (await leaf.data()) as Float32Array;
        const size = values.length / this.batch;
        for (let i = 0; i < this.batch; i++) {
          if (this.lost.has(i) || values.subarray(i * size, (i + 1) * size).every(Number.isFinite)) continue;
          this.lost.set(i, { step: index + 1, of: this.#steps, t, name });
        }
      }
    }
  }
}

function split(given: Given): [Record<string, Tensor>, Record<string, Choice>] {
  const tensors: Record<string, Tensor> = {};
  const choices: Record<string, Choice> = {};
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'object') tensors[name] = value;
    else choices[name] = value;
  }
  return [tensors, choices];
}

/** Frees the tensors of `old` that the next state does not hold. */
function free(old: Tree, next: State): void {
  const held = new Set(flatten(next).leaves);
  for (const leaf of flatten(old).leaves)
    if (typeof leaf !== 'number' && !held.has(leaf) && !leaf.isDisposed) leaf.dispose();
}
