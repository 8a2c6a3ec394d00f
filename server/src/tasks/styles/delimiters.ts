/** Between what an answer stands in free text. The nonce is drawn for each prompt, so that no text can know it beforehand. */
export interface Delimiters {
  readonly nonce: string;
  readonly open: string;
  readonly close: string;
}

/** Draws a nonce that stands in none of the texts of a prompt. `draw` gives whole numbers in [0, 2³¹). */
export function drawDelimiters(texts: readonly string[], draw: () => number): Delimiters {
  for (;;) {
    const nonce = draw().toString(16).padStart(8, '0');
    if (texts.every((text) => !text.includes(nonce)))
      return { nonce, open: `<answer-${nonce}>`, close: `</answer-${nonce}>` };
  }
}

/** What looks like a delimiter, of whatever nonce, however it is spaced. */
const delimiterLike = /<\s*\/?\s*answer\b/giu;

/**
 * The one payload of a text. Undefined where there is none, where there are several, and where more looks like a delimiter or
 * names the nonce than the two that belong to it: a text that imitates delimiters says nothing that could be told from what it imitates.
 */
export function readDelimited(text: string, { nonce, open, close }: Delimiters): string | undefined {
  const from = text.indexOf(open);
  const to = text.indexOf(close);
  if (from < 0 || to < from + open.length) return undefined;
  if (text.split(nonce).length !== 3 || (text.match(delimiterLike) ?? []).length !== 2) return undefined;
  return withoutFence(text.slice(from + open.length, to));
}

/** Chat models put code into a Markdown fence: one around all of the payload is no part of it. */
function withoutFence(payload: string): string {
  return /^\s*```\w*\n((?:(?!```)[\s\S])*?)\n?```\s*$/u.exec(payload)?.[1] ?? payload;
}
