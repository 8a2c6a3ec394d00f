/** Modules of the standard library that compute from what they are given and from nothing else; of packages none is known to. */
const pureModules: ReadonlySet<string> = new Set(
  `__future__ abc bisect cmath collections contextlib copy dataclasses decimal enum fractions functools heapq itertools json math
  numbers operator re statistics string textwrap types typing unicodedata`.split(/\s+/),
);

/** Names through which order, addresses and what else is chance come in, or code that cannot be read. */
const chancy =
  /\b(?:set|frozenset|hash|id|object|eval|exec|compile|getattr|globals|vars|locals|open|__\w*(?:import|builtins|dict|hash)\w*__)\b/;

/** The views of a mapping are sets once they are combined: `a.keys() - b.keys()`. */
const viewsCombined = /\.(?:keys|items)\(\)\s*[-&|^]|[-&|^]\s*[\w.]+\.(?:keys|items)\(\)/;

/**
 * Whether a program names anything through which a result may depend on chance with few outcomes, so that three images may
 * agree by accident. It errs on the side of yes; what it does not know of, three images still find mostly.
 */
export function mayDrift(program: string): boolean {
  return (
    chancy.test(program) || viewsCombined.test(program) || importsImpure(program) || hasSetDisplay(program)
  );
}

function importsImpure(program: string): boolean {
  for (const [, from, names] of program.matchAll(
    /^[ \t]*(?:from\s+([\w.]+)\s+import\b|import\s+([^\n#;]+))/gm,
  )) {
    const modules = from === undefined ? (names ?? '').split(',') : [from];
    for (const module of modules) {
      const [top = ''] = module.trim().split(/[\s.]/);
      if (!pureModules.has(top)) return true;
    }
  }
  // One that stands behind a semicolon is not read above.
  return /[;:][ \t]*(?:import|from)\b/.test(program);
}

/** Texts and comments, which hold braces of their own. */
const texts = /#[^\n]*|(['"])\1\1[\s\S]*?\1\1\1|(['"])(?:\\[\s\S]|(?!\2)[^\\\n])*\2/g;

/** Whether somewhere stands `{a, b}` or `{a for …}`: braces whose first part has no colon. */
function hasSetDisplay(program: string): boolean {
  const bare = program.replace(texts, "''");
  for (let at = bare.indexOf('{'); at !== -1; at = bare.indexOf('{', at + 1)) {
    const first = firstSeparator(bare, at + 1);
    if (
      first === ',' ||
      first === 'f' ||
      (first === '}' && /\S/.test(bare.slice(at + 1, bare.indexOf('}', at))))
    ) {
      return true;
    }
  }
  return false;
}

/** What ends the first part of a display: a colon, a comma, the `for` of a comprehension (`f`), or the end. */
function firstSeparator(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if ('([{'.includes(character)) depth += 1;
    else if (depth > 0 && ')]}'.includes(character)) depth -= 1;
    else if (depth === 0) {
      if (':,}'.includes(character)) return character;
      if (/^\sfor\s/.test(text.slice(at, at + 5))) return 'f';
      if (text.startsWith('**', at) && text.slice(from, at).trim() === '') return ':';
    }
  }
  return '}';
}
