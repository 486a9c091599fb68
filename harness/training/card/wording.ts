/** What no measurement says: licence, use and limits. */

export const intended = `**Use.** A prior small enough to train and run on a laptop, so that the harness, its solvers and its reports can be tried, tested and developed without a download. It is a **toy**: it knows 64x64 portraits painted by a program ([toyfaces](../../../datasets/toyfaces/README.md)) and their fifty words. Comparisons made with it say how methods behave on it, not how they rank on photographs; every report labels them so.

**Licence and data.** MIT, like the rest of the repository. The data are procedural; no photograph and no person took part.`;

export const limits = `## Limits

- It says nothing about natural images, faces of people or other resolutions.
- Prompts are read word by word from a list of fifty; other words are refused, and word order outside the captions' grammar means nothing to it.
- Solvers that work on its latents inherit the reconstruction error of the autoencoder stated above.
- The agreement table sees only what a linear classifier sees; a trait that it cannot read off real pictures says little about samples.`;
