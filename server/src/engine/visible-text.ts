/**
 * Characters that a reader cannot see or that change the order of what they see: controls, bidirectional marks and
 * overrides, zero-width characters (Unicode TR 36, "Bidirectional Text Spoofing"). Line breaks and tabs are not among them.
 */
const hidden = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text with its invisible and order-changing characters written out: `‹U+202E›`. */
export function visibleText(text: string): string {
  return text.replace(hidden, (char) => {
    const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `‹U+${code}›`;
  });
}

/** The same on one line of at most `length` characters. */
export function visibleLine(text: string, length: number): string {
  const line = visibleText(text.replace(/\s*\n\s*/g, ' ⏎ '));
  const characters = [...line];
  return characters.length <= length ? line : `${characters.slice(0, length - 1).join('')}…`;
}
