import { expect, it } from 'vitest';
import { notesOnParts } from '../../harness/plan/fit.ts';
import ldps from '../../harness/solvers/ldps.ts';
import treg from '../../harness/solvers/treg.ts';

it('a plan says, once a solver, what it does without a part that the prior has not', () => {
  expect(notesOnParts([treg, ldps, treg], ['autoencoder', 'text'])).toEqual([
    "treg runs without adaptive negation: that takes a prior with CLIP's image tower",
  ]);
});

it('where the prior has it, or says nothing of itself, there is nothing to say', () => {
  expect(notesOnParts([treg], ['autoencoder', 'text', 'clipImage'])).toEqual([]);
  expect(notesOnParts([treg], undefined)).toEqual([]);
});
