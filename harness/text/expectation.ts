/** What a schema's message says that it expects, without what frames it: `expected string`, where it is such a message. */
export function expectation(message: string): string {
  return message.replace(/^Invalid (?:input|option): /, '').replace(/, received [^,]*$/, '');
}
