import Database from 'better-sqlite3';

/**
 * Everything native that a connection made, for the program's life. Node 24's ObjectWrap aborts the process when such an
 * object is collected between two tasks (seen with 24.21 and better-sqlite3 12.11): so none may be collected.
 */
const kept = new Set<unknown>();

/** Keeps a native object of SQLite's from being collected. */
export function keep<T>(native: T): T {
  kept.add(native);
  return native;
}

/** A database connection whose statements are prepared once and live as long as the program. */
export class Connection extends Database {
  readonly #statements = new Map<string, Database.Statement[]>();

  /** @param source a file, or the bytes of a database that is then held in memory */
  constructor(source: string | Buffer, options: Database.Options = {}) {
    super(source, options);
    keep(this);
  }

  /** A statement of this text that is not in the middle of an iteration. Its mode (pluck, raw) belongs to the text. */
  override prepare = ((sql: string): Database.Statement => {
    const made = this.#statements.get(sql) ?? [];
    this.#statements.set(sql, made);
    let statement = made.find(({ busy }) => !busy);
    if (!statement) {
      statement = Database.prototype.prepare.call(this, sql) as Database.Statement;
      made.push(statement);
    }
    return statement;
  }) as Database.Database['prepare'];

  override pragma(source: string, options: Database.PragmaOptions = {}): unknown {
    const statement = this.prepare(`PRAGMA ${source}`);
    if (!statement.reader) return statement.run();
    return options.simple ? statement.pluck().get() : statement.all();
  }
}
