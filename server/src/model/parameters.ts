/**
 * A model's parameters as `/api/show` prints them: a line for each value, the name, spaces, and the value in Go's syntax
 * (`%#v`: numbers, `true`, quoted strings). What comes more than once, and `stop`, is a list. Throws where a line is none of it.
 */
export function parseParameters(text: string): Record<string, unknown> {
  const found = new Map<string, unknown[]>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [, name, value] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`'${line}' is no parameter`);
    found.set(name, [...(found.get(name) ?? []), goValue(value)]);
  }
  return Object.fromEntries(
    [...found].map(([name, values]) => [name, values.length > 1 || name === 'stop' ? values : values[0]]),
  );
}

/** Escapes of Go's that JSON does not know, each as one that it does. */
const escapes: Readonly<Record<string, string>> = { a: '\\u0007', v: '\\u000b' };

function goValue(text: string): unknown {
  const json = text.replace(
    /\\(?:x([0-9a-f]{2})|U([0-9a-f]{8})|(.))/gs,
    (whole, byte: string | undefined, wide: string | undefined, letter: string | undefined) => {
      if (byte !== undefined) return `\\u00${byte}`;
      if (wide !== undefined) return String.fromCodePoint(Number.parseInt(wide, 16));
      return escapes[letter ?? ''] ?? whole;
    },
  );
  return JSON.parse(json);
}
