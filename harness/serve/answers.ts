import { UserError } from '../errors.ts';
import { cellFacts } from '../report/cell-facts.ts';
import { fromStore } from '../report/from-store.ts';
import { cellPage } from '../report/html/cell-page.ts';
import { renderPage } from '../report/html/page.ts';
import { cellsByKey } from '../store/cell-rows.ts';
import { readNamed } from '../store/methods.ts';
import { experimentNames } from '../store/queries.ts';
import { experimentFile } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { nameIn, versionOf } from '../store/versions.ts';
import { progressOf } from './progress.ts';
import { progressParts, startPage } from './start-page.ts';

/** What a report has to know of names in stored rows, by the experiment's file. */
export type KnownOf = (configFile: string) => Promise<Parameters<typeof fromStore>[2]>;

/** An answer of HTML. */
export interface Answer {
  readonly status: 200 | 404;
  readonly html: string;
}

/** Makes pages of a store; a report stays made until the store changes. No path of a file is ever made of what is asked. */
export class Answers {
  readonly #store: Store;
  readonly #knownOf: KnownOf;
  readonly #reports = new Map<string, Promise<string>>();
  #version: unknown = null;

  constructor(store: Store, knownOf: KnownOf) {
    this.#store = store;
    this.#knownOf = knownOf;
  }

  /** @param path of the URL, decoded */
  async answer(path: string): Promise<Answer> {
    const store = this.#store;
    if (path === '/') return found(startPage(store, progressOf(store, Date.now())));
    if (path === '/progress') return found(progressParts(store, progressOf(store, Date.now())).text);
    const [, kind, name = '', ...rest] = path.split('/');
    if (rest.length > 0) return NOTHING;
    if (kind === 'report') return this.#report(name);
    const [cell] = kind === 'cell' && /^[0-9a-f]{64}$/.test(name) ? cellsByKey(store, name, 1) : [];
    if (!cell) return NOTHING;
    const named = readNamed(store);
    return found(cellPage(store, cell, named, cellFacts(store, cell, named)));
  }

  async #report(ref: string): Promise<Answer> {
    if (!experimentNames(this.#store).includes(nameIn(ref)) || !versionOf(this.#store, ref)) return NOTHING;
    const version = this.#store.db.pragma('data_version', { simple: true });
    if (version !== this.#version) this.#reports.clear();
    this.#version = version;
    const report = this.#reports.get(ref) ?? this.#made(ref);
    this.#reports.set(ref, report);
    try {
      return found(await report);
    } catch (error) {
      this.#reports.delete(ref);
      if (!(error instanceof UserError)) throw error;
      return { status: 404, html: 'no results yet\n' };
    }
  }

  async #made(ref: string): Promise<string> {
    const known = await this.#knownOf(experimentFile(this.#store, ref).configFile);
    return renderPage(fromStore(this.#store, ref, known, new Date()), '/cell/*');
  }
}

const NOTHING: Answer = { status: 404, html: 'nothing here\n' };

function found(html: string): Answer {
  return { status: 200, html };
}
