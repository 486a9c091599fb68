const MOST = 100;

/** Text from a file as one line of a message can show it: cut, and without characters that a terminal obeys. */
export function shown(text: string): string {
  const cut = text.length > MOST ? `${text.slice(0, MOST)}...` : text;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
}

/** Some of many, and how many more there are. */
export function listed(texts: readonly string[], most = 20): string {
  const more = texts.length > most ? ` and ${texts.length - most} more` : '';
  return texts.slice(0, most).map(shown).join(', ') + more;
}
