/** What JSON.stringify leaves as it is and a terminal obeys, or shows as something else than it is. */
const LEFT = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value as JSON in which every character can be seen. */
export function jsonText(value: unknown, indent = 0): string {
  return visibleJson(JSON.stringify(value, null, indent));
}

/** JSON with every character to be seen; it parses to the same value. */
export function visibleJson(json: string): string {
  return json.replace(LEFT, (char) =>
    char
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
