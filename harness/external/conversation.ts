/** The version of what the harness and a program say to one another (docs/external-solvers.md). */
export const PROTOCOL = 1;
