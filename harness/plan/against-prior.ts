import { quoted } from '../config/located.ts';
import { UserError } from '../errors.ts';
import { isOwnCaption } from '../identity/own-caption.ts';
import { ddimTimesteps } from '../priors/ddim.ts';
import type { PriorFacts } from '../priors/prior-kind.ts';
import type { Captions } from './beside-pictures.ts';
import { eachOnce } from './checked-values.ts';
import type { SolverPoint, TaskPoint } from './experiment.ts';
import { placed } from './placed.ts';

type PromptReader = ReturnType<NonNullable<PriorFacts['tokenizer']>>;

/** Throws UserError for a number of reverse steps, or a time, that the prior's schedule has not. */
export function refuseSteps(points: Iterable<SolverPoint>, { schedule }: PriorFacts): void {
  if (!schedule) return;
  const all = [...points];
  eachOnce(all, 'reverse steps', (steps) => {
    if (typeof steps === 'number') ddimTimesteps(schedule, steps);
  });
  const last = schedule.numTrainTimesteps - 1;
  eachOnce(all, 'time', (t) => {
    if (typeof t === 'number' && t > last) throw new UserError(`found ${t}; expected at most ${last}`);
  });
}

/** Throws UserError for a prompt, or guidance between prompts, that a prior without text is to be given. */
export function refusePrompts(points: Iterable<SolverPoint>, { parts }: PriorFacts, prior: string): void {
  if (parts === undefined || parts.includes('text')) return;
  const all = [...points];
  eachOnce(all, 'prompt', (text) => {
    if (text === '') return;
    const given = typeof text === 'string' ? quoted(text) : "each picture's caption";
    throw new UserError(`found ${given}; ${prior} takes no prompts: expected ""`);
  });
  eachOnce(all, 'guidance', (scale) => {
    if (scale !== 1) throw new UserError(`found ${scale}; ${prior} takes no prompts to guide by: expected 1`);
  });
}

/**
 * What the prior's tokenizer leaves out of the prompts, one line each.
 * @param captions of the pictures by their ids, where a prompt is made of them
 * @throws UserError for a prompt that it cannot read at all
 */
export function cutPrompts(
  points: Iterable<SolverPoint>,
  { tokenizer }: PriorFacts,
  captions: Captions,
): string[] {
  const notes: string[] = [];
  if (!tokenizer) return notes;
  eachOnce(points, 'prompt', (prompt, name) => {
    const most = `longer than the ${tokenizer().length} tokens of the prior's texts`;
    if (typeof prompt === 'string' && prompt !== '') {
      const cut = prompt === CAPTION ? leftOutOfTheWord(tokenizer()) : tokenizer().leftOut(prompt);
      if (cut !== '') notes.push(`${name} is ${most}; not read: ${quoted(cut)}`);
    }
    if (isOwnCaption(prompt)) {
      const cuts = cutCaptions(captions, tokenizer());
      const [first] = cuts;
      if (first)
        notes.push(
          `${name}: ${cuts.length} of ${captions.size} captions are ${most}; not read of ${first.id}: ${quoted(first.cut)}`,
        );
    }
  });
  return notes;
}

/**
 * The same of captions that tasks give their methods as prompts, a line a task.
 * @param points the solvers that ask this prior
 * @throws UserError with the task's place for a caption that the tokenizer cannot read at all
 */
export function cutByTasks(
  tasks: readonly TaskPoint[],
  points: ReadonlySet<SolverPoint>,
  { tokenizer }: PriorFacts,
  captions: Captions,
): string[] {
  if (!tokenizer) return [];
  const asked = tasks.filter(({ task, solvers }) => task.captioned && solvers.some((one) => points.has(one)));
  const notes = asked.flatMap(({ task, written }) => {
    const cuts = placed(written.where, () => cutCaptions(captions, tokenizer()));
    const [first] = cuts;
    if (!first) return [];
    const most = `longer than the ${tokenizer().length} tokens of the prior's texts`;
    return [
      `${task.name}: ${cuts.length} of ${captions.size} captions are ${most}; not read of ${first.id}: ${quoted(first.cut)}`,
    ];
  });
  return [...new Set(notes)];
}

/** The word that asks, in a mapping, for pictures' own captions, and alone is a prompt like any other. */
const CAPTION = 'caption';
const OWN = "each picture's own caption is { from: caption }";

/** Prompts that are that word, a line each. */
export function captionWords(points: Iterable<SolverPoint>): string[] {
  const notes: string[] = [];
  eachOnce(points, 'prompt', (prompt, name) => {
    if (prompt === CAPTION) notes.push(`${name} is the word ${quoted(CAPTION)}; ${OWN}`);
  });
  return notes;
}

function leftOutOfTheWord(tokenizer: PromptReader): string {
  try {
    return tokenizer.leftOut(CAPTION);
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${error.message}; ${OWN}`) : error;
  }
}

function cutCaptions(captions: Captions, tokenizer: PromptReader): { id: string; cut: string }[] {
  return [...captions].flatMap(([id, caption]) => {
    try {
      const cut = tokenizer.leftOut(caption);
      return cut === '' ? [] : [{ id, cut }];
    } catch (error) {
      throw error instanceof UserError ? new UserError(`caption of ${id}: ${error.message}`) : error;
    }
  });
}
