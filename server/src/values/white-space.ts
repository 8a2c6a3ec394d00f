const space = /^\p{White_Space}$/u;

/** A text without the white space around it; unlike for `trim`, a byte-order mark is none. Linear, whatever the text. */
export function stripped(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && space.test(text.charAt(start))) start += 1;
  while (end > start && space.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
