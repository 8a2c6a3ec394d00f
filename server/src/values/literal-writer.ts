import type { Call, Output, Value } from './value.ts';

/** What Python's `repr` does not print as it is: controls, format characters, surrogates, unassigned ones, all spaces but one. */
const unprintable = /[\p{C}\p{Z}]/u;

/**
 * Writes a value as Python's `repr` does, on one line. Where `repr` gives no literal it writes one that means the same:
 * `float('inf')`, and `1e999` for an infinite part of a complex number. NaN, which has no literal, is written `float('nan')`, for
 * people to read; every other value is read back identical.
 */
export function writeValue(value: Value): string {
  switch (value.type) {
    case 'none':
      return 'None';
    case 'bool':
      return value.value ? 'True' : 'False';
    case 'int':
      return value.value.toString();
    case 'float':
      return writeFloat(value.value);
    case 'complex':
      return writeComplex(value.real, value.imag);
    case 'str':
      return writeStr(value.value);
    case 'bytes':
      return writeBytes(value.value);
    case 'list':
      return `[${writeItems(value.items)}]`;
    case 'tuple':
      return writeCall(value.items);
    case 'set':
      return value.items.length === 0 ? 'set()' : `{${writeItems(value.items)}}`;
    case 'frozenset':
      return value.items.length === 0 ? 'frozenset()' : `frozenset({${writeItems(value.items)}})`;
    case 'dict':
      return `{${value.entries.map(([key, item]) => `${writeValue(key)}: ${writeValue(item)}`).join(', ')}}`;
  }
}

/** Writes an argument tuple: `(1, 'a')`, `(1,)`, `()`. */
export function writeCall(call: Call): string {
  return call.length === 1 ? `(${writeItems(call)},)` : `(${writeItems(call)})`;
}

/** Writes an output: a value's literal, or `raise ValueError`. */
export function writeOutput(output: Output): string {
  return output.type === 'raise' ? `raise ${output.exception}` : writeValue(output.value);
}

function writeItems(items: readonly Value[]): string {
  return items.map(writeValue).join(', ');
}

function writeFloat(value: number): string {
  if (!Number.isFinite(value)) return `float('${Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'}')`;
  const text = writeDecimal(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A finite float in Python's layout but for the `.0`: exponents below −4 and from 16 on, of two digits at least. */
function writeDecimal(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const [mantissa = '', power = ''] = value.toExponential().split('e');
  const exponent = Number(power);
  if (value === 0 || (exponent >= -4 && exponent < 16)) return plainDecimal(mantissa, exponent);
  const sign = exponent < 0 ? '-' : '+';
  return `${mantissa}e${sign}${Math.abs(exponent).toString().padStart(2, '0')}`;
}

function plainDecimal(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replaceAll(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

function writeComplex(real: number, imag: number): string {
  const imaginary = `${writePart(imag)}j`;
  if (Object.is(real, 0)) return imaginary;
  return `(${writePart(real)}${imaginary.startsWith('-') ? '' : '+'}${imaginary})`;
}

function writePart(part: number): string {
  if (Number.isFinite(part)) return writeDecimal(part);
  if (Number.isNaN(part)) return "float('nan')";
  return part > 0 ? '1e999' : '-1e999';
}

function writeStr(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  let text = '';
  for (const character of value) text += writeCharacter(character, quote);
  return quote + text + quote;
}

function writeCharacter(character: string, quote: string): string {
  switch (character) {
    case quote:
    case '\\':
      return `\\${character}`;
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    case ' ':
      return ' ';
  }
  if (!unprintable.test(character)) return character;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function writeBytes(value: Uint8Array): string {
  const text = Buffer.from(value).toString('latin1');
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let written = '';
  for (const character of text) {
    const isAscii = character < '\x80';
    written += isAscii ? writeCharacter(character, quote) : `\\x${character.charCodeAt(0).toString(16)}`;
  }
  return `b${quote}${written}${quote}`;
}
