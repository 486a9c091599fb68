import * as toyfaces from '../../../datasets/toyfaces/index.ts';

/** One thing that a caption states about a picture, as classes to tell apart. */
export interface Trait {
  readonly name: string;
  readonly classes: readonly string[];
}

/** All that a caption of toyfaces states. */
export const TRAITS: readonly Trait[] = toyfaces.TRAIT_NAMES.map((name) => ({
  name: toyfaces.TRAITS[name].title,
  classes: toyfaces.TRAITS[name].values,
}));

/** The class of each trait, in the order of TRAITS. Throws RangeError for text that is no caption of toyfaces. */
export function traitsOf(caption: string): number[] {
  const traits = toyfaces.traitsOfCaption(caption);
  return toyfaces.TRAIT_NAMES.map((name) => toyfaces.TRAITS[name].values.indexOf(traits[name]));
}
