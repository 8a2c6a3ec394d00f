import type { LiteralCursor } from './literal-cursor.ts';

const opening = /([rR]?[bB]?|[bB][rR]|[uU])("""|'''|"|')/y;
const plainRuns = {
  '"': /[^"\\\r\n]+/y,
  "'": /[^'\\\r\n]+/y,
} as const;
const lineEnd = /\r\n|\r|\n/y;
const escapeSequence = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\r\n|.))/suy;
const simpleEscapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
  '\r': '',
  '\r\n': '',
};

/** One string literal: its characters, which for bytes are all below U+0100. */
export interface StringPart {
  readonly bytes: boolean;
  readonly text: string;
}

/** Reads one string or bytes literal; undefined where none stands. No f-strings, and no `\N{…}`: its names need a database. */
export function readStringPart(cursor: LiteralCursor): StringPart | undefined {
  const start = cursor.position;
  const found = cursor.match(opening);
  if (found === undefined) return undefined;
  const [, prefix = '', quotes = ''] = found;
  const raw = /r/i.test(prefix);
  const bytes = /b/i.test(prefix);
  const plainRun = plainRuns[quotes.startsWith('"') ? '"' : "'"];
  const parts: string[] = [];
  for (;;) {
    const run = cursor.match(plainRun)?.[0];
    if (run !== undefined) {
      if (bytes && !isAscii(run)) throw cursor.fault('syntax', start);
      parts.push(run);
      continue;
    }
    if (cursor.text.startsWith(quotes, cursor.position)) break;
    const character = cursor.text.charAt(cursor.position);
    if (character === '\\') {
      const at = cursor.position;
      const part = raw ? readRawEscape(cursor) : readEscape(cursor, bytes);
      if (bytes && !isAscii(cursor.text.slice(at, cursor.position))) throw cursor.fault('syntax', at);
      parts.push(part);
    } else if (character === '' || quotes.length === 1) {
      throw cursor.fault('syntax', character === '' ? start : cursor.position);
    } else if (cursor.match(lineEnd) !== undefined) {
      // Python reads every line end of its source as this one.
      parts.push('\n');
    } else {
      parts.push(character);
      cursor.position += 1;
    }
  }
  cursor.position += quotes.length;
  return { bytes, text: joinParts(parts, cursor) };
}

/** Joins parts, unless a high surrogate's escape would melt into one character with a low one's. */
export function joinParts(parts: readonly string[], cursor: LiteralCursor): string {
  let last = '';
  for (const part of parts) {
    if (part === '') continue;
    if (/[\ud800-\udbff]$/.test(last) && /^[\udc00-\udfff]/.test(part)) throw cursor.fault('surrogates');
    last = part;
  }
  return parts.join('');
}

function readRawEscape(cursor: LiteralCursor): string {
  cursor.position += 1;
  const line = cursor.match(lineEnd);
  if (line !== undefined) return '\\\n';
  const code = cursor.text.codePointAt(cursor.position);
  if (code === undefined) throw cursor.fault('syntax');
  const escaped = String.fromCodePoint(code);
  cursor.position += escaped.length;
  return `\\${escaped}`;
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are ASCII
  return /^[\x00-\x7f]*$/.test(text);
}

function readEscape(cursor: LiteralCursor, bytes: boolean): string {
  const start = cursor.position;
  const found = cursor.match(escapeSequence);
  if (found === undefined) throw cursor.fault('syntax', start);
  const [, octal, hex, hex4, hex8, other] = found;
  if (octal !== undefined) {
    const code = Number.parseInt(octal, 8);
    return String.fromCharCode(bytes ? code & 0xff : code);
  }
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  if (bytes && (hex4 ?? hex8) !== undefined) return found[0];
  if (hex4 !== undefined) return String.fromCharCode(Number.parseInt(hex4, 16));
  if (hex8 !== undefined) {
    const code = Number.parseInt(hex8, 16);
    if (code > 0x10ffff) throw cursor.fault('syntax', start);
    return String.fromCodePoint(code);
  }
  const simple = simpleEscapes[other ?? ''];
  if (simple !== undefined) return simple;
  // An escape that was begun and is not whole; every other one Python keeps as it stands.
  if (other === 'x' || (!bytes && /^[uUN]$/.test(other ?? ''))) throw cursor.fault('syntax', start);
  return found[0];
}
