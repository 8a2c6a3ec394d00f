import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { readValue } from '../../values/literal-reader.ts';
import { parsePython } from '../python-parser.ts';
import { childIn, descendants, type SyntaxNode, type SyntaxTree, textOf } from '../syntax/syntax.ts';

/** Names of things that are kept secret. */
const secretName =
  /(^|_|\b)(password|passwd|passphrase|pwd|secret|token|credentials?|api_?key|access_?key|private_?key|auth_?key)(_|\b|$)/i;

const shortest = 8;
/** Bits per character: words and placeholders have fewer, keys have more (Shannon, 1948). */
const leastEntropy = 3;

/**
 * What looks like a credential in a program, for a person; undefined where nothing does. Well-known formats are found anywhere;
 * a text that is given to a name such as `api_key` counts where it looks random.
 */
export async function secretIn(program: string): Promise<string | undefined> {
  const { messages } = await lintSource({
    source: { filePath: '/program.py', content: program, ext: '.py', contentType: 'text' },
    options: { config: { rules: [{ id: 'preset', rule: creator, options: {} }] }, maskSecrets: true },
  });
  const [first] = messages;
  if (first !== undefined) return `line ${first.loc.start.line}: ${first.ruleId.replace(/^.*-rule-/, '')}`;
  return namedSecret(program);
}

/** Those texts in which nothing looks like a credential. */
export async function withoutSecrets<T extends { readonly text: string }>(all: readonly T[]): Promise<T[]> {
  // Most hold none, which one look at all of them tells.
  if ((await secretIn(all.map(({ text }) => text).join('\n'))) === undefined) return [...all];
  const open: T[] = [];
  for (const each of all) if ((await secretIn(each.text)) === undefined) open.push(each);
  return open;
}

function namedSecret(program: string): string | undefined {
  if (!secretName.test(program)) return undefined;
  const tree = parsePython(program);
  for (const node of descendants(tree.root)) {
    const [name, value] = given(node);
    if (name === undefined || value?.type !== 'string') continue;
    const written = textOf(tree, name).replaceAll(/^['"]|['"]$/g, '');
    if (secretName.test(written) && looksRandom(tree, value)) return `a text given to ${written}`;
  }
  return undefined;
}

/** `name = value`, `name=value`, `{'name': value}`. */
function given(node: SyntaxNode): readonly [SyntaxNode | undefined, SyntaxNode | undefined] {
  switch (node.type) {
    case 'assignment':
      return [childIn(node, 'left'), childIn(node, 'right')];
    case 'keyword_argument':
    case 'default_parameter':
      return [childIn(node, 'name'), childIn(node, 'value')];
    case 'pair':
      return [childIn(node, 'key'), childIn(node, 'value')];
    default:
      return [undefined, undefined];
  }
}

function looksRandom(tree: SyntaxTree, value: SyntaxNode): boolean {
  const read = readValue(textOf(tree, value));
  if (!read.ok || read.value.type !== 'str') return false;
  const text = read.value.value;
  // What else stands in it is of a pattern or of a text for people.
  if (text.length < shortest || !/^[\w+/=.-]+$/.test(text)) return false;
  return /\d/.test(text) && /[a-z]/i.test(text) && entropy(text) >= leastEntropy;
}

function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / text.length) * Math.log2(count / text.length),
    0,
  );
}
