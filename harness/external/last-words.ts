/** How an error begins where Node prints it, above its stack: `TypeError: ...`, `Error [ERR_X]: ...`. */
const NODE_ERROR = /^\w*(?:Error|Exception)(?: \[\w+\])?(?:: |$)/;
/** Node's last line at an uncaught error. */
const NODE_END = /^Node\.js v\d+\./;

/** What a program has written to standard error that says most of its end. */
export class LastWords {
  #last = '';
  #nodeError = '';

  hear(line: string): void {
    const text = line.trim();
    if (text === '') return;
    this.#last = text;
    if (NODE_ERROR.test(line)) this.#nodeError = text;
  }

  /** To follow a sentence; empty where there is nothing. Python's last line is its error, Node's is its version. */
  told(): string {
    const last = NODE_END.test(this.#last) && this.#nodeError !== '' ? this.#nodeError : this.#last;
    return last === '' ? '' : `; the last that it wrote to standard error: ${last}`;
  }
}
