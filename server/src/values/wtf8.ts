const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** A surrogate as UTF-8 would have it, in bytes written as Latin-1: Python's `surrogatepass`. */
const surrogate = /\xed([\xa0-\xbf])([\x80-\xbf])/g;
const loneSurrogate = /\p{Surrogate}/gu;

/** UTF-8 of a string, lone surrogates passed through as Python's `surrogatepass` does; each byte as one character (Latin-1). */
export function toWtf8(text: string): string {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8').toString('latin1');
  let bytes = '';
  let end = 0;
  for (const { 0: unit, index } of text.matchAll(loneSurrogate)) {
    bytes += Buffer.from(text.slice(end, index), 'utf8').toString('latin1');
    const code = unit.charCodeAt(0);
    bytes += String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    end = index + 1;
  }
  return bytes + Buffer.from(text.slice(end), 'utf8').toString('latin1');
}

/**
 * Inverse of `toWtf8`. `invalid` where the bytes are none, `pair` where a high surrogate stands directly before a low one: Python
 * holds these two code points apart from the one that they would make here.
 */
export function fromWtf8(bytes: string): { readonly text: string } | { readonly error: 'invalid' | 'pair' } {
  let text = '';
  let end = 0;
  const segment = (until: number) => decoder.decode(Buffer.from(bytes.slice(end, until), 'latin1'));
  try {
    for (const match of bytes.matchAll(surrogate)) {
      const before = segment(match.index);
      const code = 0xd000 | ((byte(match[1]) & 0x3f) << 6) | (byte(match[2]) & 0x3f);
      const afterHigh = before === '' && end > 0 && /[\ud800-\udbff]$/.test(text);
      if (afterHigh && code >= 0xdc00) return { error: 'pair' };
      text += before + String.fromCharCode(code);
      end = match.index + 3;
    }
    return { text: text + segment(bytes.length) };
  } catch (error) {
    if (error instanceof TypeError) return { error: 'invalid' };
    throw error;
  }
}

function byte(character: string | undefined): number {
  return character?.charCodeAt(0) ?? 0;
}
