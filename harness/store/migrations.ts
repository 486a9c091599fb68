import type Database from 'better-sqlite3';
import { identifyCells } from './identify-cells.ts';

/** A change of the schema: SQL, and between two parts of it what SQL cannot compute. */
export type Migration = string | readonly (string | ((db: Database.Database) => void))[];

/**
 * The database's history: entry i brings a file of version i to version i + 1 (SQLite's user_version). Entries are never
 * edited once released; a change of the schema is a new entry. Foreign keys are not enforced meanwhile.
 */
export const migrations: readonly Migration[] = [
  `
  CREATE TABLE experiments (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    config_file TEXT NOT NULL,
    config_text TEXT NOT NULL,
    config_sha  TEXT NOT NULL,
    -- What the report asks for (baseline row, charts), canonical JSON.
    report      TEXT NOT NULL
  ) STRICT;

  CREATE TABLE runs (
    id            INTEGER PRIMARY KEY,
    experiment_id INTEGER NOT NULL REFERENCES experiments(id),
    started       TEXT NOT NULL,
    ended         TEXT,
    outcome       TEXT CHECK (outcome IN ('finished', 'interrupted', 'stopped')),
    git_commit    TEXT,
    git_dirty     INTEGER NOT NULL,
    git_diff_sha  TEXT,
    versions      TEXT NOT NULL,
    host          TEXT NOT NULL,
    devices       TEXT NOT NULL,
    argv          TEXT NOT NULL
  ) STRICT;

  CREATE TABLE cells (
    key            TEXT PRIMARY KEY,
    kind           TEXT NOT NULL CHECK (kind IN ('solver', 'baseline')),
    solver         TEXT NOT NULL,
    solver_version INTEGER NOT NULL,
    params         TEXT NOT NULL,
    task           TEXT NOT NULL,
    task_version   INTEGER NOT NULL,
    task_params    TEXT NOT NULL,
    prior          TEXT,
    prior_params   TEXT,
    prior_sha      TEXT,
    toy            INTEGER NOT NULL,
    dataset        TEXT NOT NULL,
    item           TEXT NOT NULL,
    item_sha       TEXT NOT NULL,
    image_shape    TEXT NOT NULL,
    seed           INTEGER NOT NULL,
    status         TEXT NOT NULL DEFAULT 'todo' CHECK (status IN ('todo', 'done', 'failed')),
    failure        TEXT CHECK (failure IN ('oom', 'timeout', 'nan', 'solver-error', 'crashed', 'lost')),
    attempts       INTEGER NOT NULL DEFAULT 0,
    message        TEXT,
    log_tail       TEXT,
    CHECK ((status = 'failed') = (failure IS NOT NULL))
  ) STRICT, WITHOUT ROWID;

  -- The cells of an experiment's latest plan, in its order. A cell may belong to several experiments.
  CREATE TABLE experiment_cells (
    experiment_id INTEGER NOT NULL REFERENCES experiments(id),
    position      INTEGER NOT NULL,
    cell_key      TEXT NOT NULL REFERENCES cells(key),
    PRIMARY KEY (experiment_id, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX experiment_cells_by_cell ON experiment_cells(cell_key);

  -- The metrics of an experiment's latest plan: a cell shared with another experiment may have more scores than asked for.
  CREATE TABLE experiment_metrics (
    experiment_id INTEGER NOT NULL REFERENCES experiments(id),
    position      INTEGER NOT NULL,
    metric        TEXT NOT NULL,
    version       INTEGER NOT NULL,
    protocol      TEXT NOT NULL,
    PRIMARY KEY (experiment_id, position)
  ) STRICT, WITHOUT ROWID;

  -- Files are named by the hash of their content, so a picture that several cells share is kept once.
  CREATE TABLE images (
    path   TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    width  INTEGER NOT NULL,
    height INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE solutions (
    cell_key    TEXT PRIMARY KEY REFERENCES cells(key),
    run_id      INTEGER NOT NULL REFERENCES runs(id),
    restored    TEXT NOT NULL REFERENCES images(path),
    truth       TEXT NOT NULL REFERENCES images(path),
    measurement TEXT NOT NULL REFERENCES images(path),
    -- The solver's own output before clipping and rounding: float32 safetensors, relative to the results folder.
    tensor      TEXT NOT NULL,
    -- Wall time of the batch divided by its size.
    seconds     REAL NOT NULL,
    steps       INTEGER NOT NULL,
    counters    TEXT NOT NULL,
    device      TEXT NOT NULL,
    -- Item ids of the batch it was computed in, in order.
    batch       TEXT NOT NULL,
    finished    TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE scores (
    key      TEXT PRIMARY KEY,
    cell_key TEXT NOT NULL REFERENCES cells(key),
    metric   TEXT NOT NULL,
    version  INTEGER NOT NULL,
    protocol TEXT NOT NULL,
    value    REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX scores_by_cell ON scores(cell_key);
  `,
  `
  -- A number of each picture, or one of a configuration's whole set.
  ALTER TABLE experiment_metrics ADD COLUMN level TEXT NOT NULL DEFAULT 'image' CHECK (level IN ('image', 'set'));

  -- Keyed by the sorted solutions and reference pictures and the whole protocol: no row belongs to an experiment.
  CREATE TABLE set_scores (
    key            TEXT PRIMARY KEY,
    metric         TEXT NOT NULL,
    version        INTEGER NOT NULL,
    protocol       TEXT NOT NULL,
    value          REAL NOT NULL,
    standard_error REAL,
    -- The value without each block of images: two methods' replicates give their difference an error.
    replicates     TEXT NOT NULL,
    warnings       TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- A tensor's file is checked as pictures are (NULL: stored before); a rebuilt cell's time may be lost (NULL).
  CREATE TABLE solutions_3 (
    cell_key    TEXT PRIMARY KEY REFERENCES cells(key),
    run_id      INTEGER NOT NULL REFERENCES runs(id),
    restored    TEXT NOT NULL REFERENCES images(path),
    truth       TEXT NOT NULL REFERENCES images(path),
    measurement TEXT NOT NULL REFERENCES images(path),
    tensor      TEXT NOT NULL,
    tensor_sha  TEXT,
    seconds     REAL,
    steps       INTEGER NOT NULL,
    counters    TEXT NOT NULL,
    device      TEXT NOT NULL,
    batch       TEXT NOT NULL,
    finished    TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO solutions_3 (cell_key, run_id, restored, truth, measurement, tensor, seconds, steps, counters, device,
      batch, finished)
    SELECT cell_key, run_id, restored, truth, measurement, tensor, seconds, steps, counters, device, batch, finished
    FROM solutions;
  DROP TABLE solutions;
  ALTER TABLE solutions_3 RENAME TO solutions;
  `,
  `
  -- What was said before the run; NULL where no speed was known, and of older runs.
  ALTER TABLE runs ADD COLUMN estimated_seconds REAL;
  `,
  [
    `
  -- A method, a setting: once each, keyed by all that tells two apart (identity/keys.ts).
  CREATE TABLE methods (
    key              TEXT PRIMARY KEY,
    kind             TEXT NOT NULL CHECK (kind IN ('solver', 'baseline')),
    name             TEXT NOT NULL,
    title            TEXT NOT NULL,
    version          INTEGER NOT NULL,
    -- Of the plug-in that defines it; NULL: built in.
    source_sha       TEXT,
    params           TEXT NOT NULL,
    prior            TEXT,
    prior_version    INTEGER,
    prior_source_sha TEXT,
    prior_params     TEXT,
    prior_sha        TEXT,
    toy              INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE settings (
    key         TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    task        TEXT NOT NULL,
    title       TEXT NOT NULL,
    version     INTEGER NOT NULL,
    params      TEXT NOT NULL,
    dataset     TEXT NOT NULL,
    image_shape TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE cells_5 (
    key         TEXT PRIMARY KEY,
    method_key  TEXT NOT NULL REFERENCES methods(key),
    setting_key TEXT NOT NULL REFERENCES settings(key),
    item        TEXT NOT NULL,
    item_sha    TEXT NOT NULL,
    seed        INTEGER NOT NULL,
    precision   TEXT NOT NULL,
    rng         TEXT NOT NULL,
    status      TEXT NOT NULL DEFAULT 'todo' CHECK (status IN ('todo', 'done', 'failed')),
    failure     TEXT CHECK (failure IN ('oom', 'timeout', 'nan', 'solver-error', 'crashed', 'lost')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    message     TEXT,
    log_tail    TEXT,
    CHECK ((status = 'failed') = (failure IS NOT NULL))
  ) STRICT, WITHOUT ROWID;

  -- Files that belong to a cell: pictures are named by the hash of their content, so cells may share them.
  CREATE TABLE artifacts (
    cell_key TEXT NOT NULL REFERENCES cells(key),
    role     TEXT NOT NULL CHECK (role IN ('result', 'given', 'truth')),
    media    TEXT NOT NULL CHECK (media IN ('picture', 'labels', 'array')),
    path     TEXT NOT NULL,
    -- NULL: stored by a version that did not hash it.
    sha256   TEXT,
    PRIMARY KEY (cell_key, role, media)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO artifacts
    SELECT s.cell_key, 'result', 'picture', i.path, i.sha256 FROM solutions s JOIN images i ON i.path = s.restored
    UNION ALL
    SELECT s.cell_key, 'truth', 'picture', i.path, i.sha256 FROM solutions s JOIN images i ON i.path = s.truth
    UNION ALL
    SELECT s.cell_key, 'given', 'picture', i.path, i.sha256 FROM solutions s JOIN images i ON i.path = s.measurement
    UNION ALL
    SELECT cell_key, 'result', 'array', tensor, tensor_sha FROM solutions;

  -- What an experiment's latest plan leaves out: a method that a setting or its prior does not allow.
  CREATE TABLE experiment_skips (
    experiment_id INTEGER NOT NULL REFERENCES experiments(id),
    position      INTEGER NOT NULL,
    method_key    TEXT NOT NULL REFERENCES methods(key),
    setting_key   TEXT NOT NULL REFERENCES settings(key),
    reason        TEXT NOT NULL,
    PRIMARY KEY (experiment_id, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE solutions_5 (
    cell_key TEXT PRIMARY KEY REFERENCES cells(key),
    run_id   INTEGER NOT NULL REFERENCES runs(id),
    -- Wall time of the batch divided by its size; NULL where it was lost with a database.
    seconds  REAL,
    steps    INTEGER NOT NULL,
    counters TEXT NOT NULL,
    device   TEXT NOT NULL,
    -- Item ids of the batch it was computed in, in order.
    batch    TEXT NOT NULL,
    finished TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO solutions_5
    SELECT cell_key, run_id, seconds, steps, counters, device, batch, finished FROM solutions;
  DROP TABLE solutions;
  DROP TABLE images;
  ALTER TABLE solutions_5 RENAME TO solutions;
    `,
    identifyCells,
    `
  DROP TABLE cells;
  ALTER TABLE cells_5 RENAME TO cells;
    `,
  ],
  `
  -- A kind of failure more: a picture that an imported method lacks.
  CREATE TABLE cells_6 (
    key         TEXT PRIMARY KEY,
    method_key  TEXT NOT NULL REFERENCES methods(key),
    setting_key TEXT NOT NULL REFERENCES settings(key),
    item        TEXT NOT NULL,
    item_sha    TEXT NOT NULL,
    seed        INTEGER NOT NULL,
    precision   TEXT NOT NULL,
    rng         TEXT NOT NULL,
    status      TEXT NOT NULL DEFAULT 'todo' CHECK (status IN ('todo', 'done', 'failed')),
    failure     TEXT CHECK (failure IN ('oom', 'timeout', 'nan', 'solver-error', 'missing-picture', 'crashed', 'lost')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    message     TEXT,
    log_tail    TEXT,
    CHECK ((status = 'failed') = (failure IS NOT NULL))
  ) STRICT, WITHOUT ROWID;
  INSERT INTO cells_6
    SELECT key, method_key, setting_key, item, item_sha, seed, precision, rng, status, failure, attempts, message, log_tail
    FROM cells;
  DROP TABLE cells;
  ALTER TABLE cells_6 RENAME TO cells;
  `,
  `
  -- A row a plan: an experiment whose plan has changed has a further version, and keeps those before.
  CREATE TABLE experiments_7 (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL,
    version       INTEGER NOT NULL,
    -- The name alone means the version that was planned last, which has the highest.
    turn          INTEGER NOT NULL,
    config_file   TEXT NOT NULL,
    config_text   TEXT NOT NULL,
    config_sha    TEXT NOT NULL,
    -- What the file says with all that it extends and what the command line has set, JSON; NULL: was not kept.
    config_values TEXT,
    report        TEXT NOT NULL,
    UNIQUE (name, version)
  ) STRICT;
  INSERT INTO experiments_7 (id, name, version, turn, config_file, config_text, config_sha, report)
    SELECT id, name, 1, 1, config_file, config_text, config_sha, report FROM experiments;
  DROP TABLE experiments;
  ALTER TABLE experiments_7 RENAME TO experiments;

  -- What commands call them: NAME, the version planned last, and NAME@VERSION.
  CREATE VIEW versions AS
    SELECT name AS ref, id, true AS last FROM experiments e
    WHERE turn = (SELECT max(o.turn) FROM experiments o WHERE o.name = e.name)
    UNION ALL SELECT name || '@' || version, id, false FROM experiments;
  `,
];
