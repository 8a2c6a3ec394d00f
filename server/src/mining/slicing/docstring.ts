/** A docstring's text between its quotes, without doctest blocks and without what they leave dangling. */
export function cutDoctests(content: string): string {
  const kept: string[] = [];
  let cutting = false;
  for (const line of content.split('\n')) {
    const text = line.trim();
    if (text.startsWith('>>>')) {
      if (!cutting) dropIntroduction(kept);
      cutting = true;
    } else if (text === '') {
      cutting = false;
    }
    if (!cutting) kept.push(line);
  }
  return kept.length === content.split('\n').length ? content : tidy(kept).join('\n');
}

export function hasDoctest(content: string): boolean {
  return /^\s*>>>/m.test(content);
}

/** Lines that only lead to an example say nothing without it: `For example:`, a heading, a directive. */
function dropIntroduction(lines: string[]): void {
  const last = () => lines.at(-1)?.trim() ?? '';
  while (last() === '' && lines.length > 1) lines.pop();
  if (/^[-=~^]{3,}$/.test(last())) lines.splice(-2);
  else if (/^(\.\. .*::.*|(for )?examples?|e\.g\.|usage|doctests?|>{0,3})\W*$/i.test(last())) lines.pop();
  else if (last().endsWith(':')) {
    const ended = `${lines.pop()?.trimEnd() ?? ''}`.replace(/:+$/, '.');
    lines.push(ended);
  }
  lines.push('');
}

function tidy(lines: readonly string[]): string[] {
  const tidied = lines.filter((line, index) => line.trim() !== '' || lines[index - 1]?.trim() !== '');
  while (tidied.length > 1 && tidied.at(-2)?.trim() === '' && tidied.at(-1)?.trim() === '') tidied.pop();
  return tidied;
}
