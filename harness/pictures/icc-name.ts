/** A message shows no more of a name. */
const SHOWN = 40;

/**
 * What an ICC profile calls itself (its `desc` tag, ICC.1:2022 section 9.2.41), cut short and without control
 * characters; null where it does not say.
 */
export function iccName(profile: Buffer): string | null {
  const name = tagText(profile)?.replace(/\p{C}/gu, '').trim();
  return name ? name.slice(0, SHOWN) : null;
}

function tagText(profile: Buffer): string | null {
  const count = profile.length < 132 ? 0 : Math.min(100, profile.readUInt32BE(128));
  for (let i = 0, at = 132; i < count && at + 12 <= profile.length; i++, at += 12) {
    if (profile.toString('latin1', at, at + 4) !== 'desc') continue;
    const start = profile.readUInt32BE(at + 4);
    return textOf(profile.subarray(start, start + profile.readUInt32BE(at + 8)));
  }
  return null;
}

/** Version 2 holds ASCII behind its length, version 4 records of UTF-16 in several languages: the first one counts. */
function textOf(tag: Buffer): string | null {
  const type = tag.toString('latin1', 0, 4);
  if (type === 'desc' && tag.length >= 12) return tag.toString('latin1', 12, 12 + tag.readUInt32BE(8));
  if (type !== 'mluc' || tag.length < 28) return null;
  const [length, start] = [tag.readUInt32BE(20), tag.readUInt32BE(24)];
  const text = Buffer.from(tag.subarray(start, start + length - (length % 2)));
  return text.length % 2 === 0 ? text.swap16().toString('utf16le') : null;
}
