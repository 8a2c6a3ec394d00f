/** Notebooks are not this deep, their outputs included. */
const maxDepth = 200;

/** How far down the code of a cell stands: `worksheets/0/cells/1/input/2`. */
const codeDepth = 6;

/** An index in an array, or a key of an object; null while an object's next key is awaited. */
type Step = number | string | null;

/**
 * The lines of a notebook's JSON on which the code of its cells begins, counted from 1, by the place of the text in it:
 * `cells/0/source`, `cells/0/source/3`, in format 3 `worksheets/0/cells/0/input`. Undefined where the JSON is too deep to be a
 * notebook. What it says of a text that is no JSON means nothing.
 */
export function sourceLines(json: string): ReadonlyMap<string, number> | undefined {
  const lines = new Map<string, number>();
  const steps: Step[] = [];
  const token = /["{}[\],\n]/g;
  let line = 1;
  for (let found = token.exec(json); found !== null; found = token.exec(json)) {
    const last = steps.length - 1;
    const step = steps[last];
    switch (found[0]) {
      case '\n':
        line += 1;
        break;
      case '{':
        steps.push(null);
        break;
      case '[':
        steps.push(0);
        break;
      case '}':
      case ']':
        steps.pop();
        break;
      case ',':
        if (step !== undefined) steps[last] = typeof step === 'number' ? step + 1 : null;
        break;
      default: {
        const end = stringEnd(json, found.index);
        token.lastIndex = end;
        if (step === null) steps[last] = json.slice(found.index + 1, end - 1);
        else if (isCode(steps)) lines.set(steps.join('/'), line);
      }
    }
    if (steps.length > maxDepth) return undefined;
  }
  return lines;
}

/** The offset behind the string that begins at one. */
function stringEnd(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end + 1;
  }
  return json.length;
}

function isCode(steps: readonly Step[]): boolean {
  if (steps.length > codeDepth) return false;
  const [top, sheet] = steps;
  const [cells, cell, field, part = 0, ...deeper] =
    top === 'worksheets' && typeof sheet === 'number' ? steps.slice(2) : steps;
  return (
    cells === 'cells' &&
    typeof cell === 'number' &&
    (field === 'source' || field === 'input') &&
    typeof part === 'number' &&
    deeper.length === 0
  );
}
