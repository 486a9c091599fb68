/** What a draw is for. A solver's name is never part of it, so that every solver sees the same measurement and start. */
export type Role = 'operator' | 'measurement' | 'initial' | 'step' | 'train' | 'sample';

/** Identifies one draw of one image; everything that a random array depends on. */
export interface DrawKey {
  seed: number;
  role: Role;
  /** Dataset item id. */
  image: string;
  /** 0, 1, 2, ... within (seed, role, image). */
  draw: number;
}
