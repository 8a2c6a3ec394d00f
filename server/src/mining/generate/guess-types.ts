import { readValue } from '../../values/literal-reader.ts';
import type { Parameters } from '../entry-signature.ts';
import {
  childIn,
  descendants,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
} from '../syntax/syntax.ts';
import { hintType } from './hint-type.ts';
import { any, dictOf, int, listOf, str, typeOfValue, type ValueType } from './value-type.ts';

/** What one parameter may be given: the likeliest type first; none where it takes what has no literals. */
export type Guesses = readonly ValueType[];

/** Methods that only values of one type have, or of one more than others. */
const methods: Readonly<Record<string, ValueType>> = {
  ...ofType(
    str,
    `split rsplit strip lstrip rstrip lower upper replace startswith endswith join title capitalize casefold swapcase format
    encode splitlines partition rpartition isdigit isalpha isalnum isspace isupper islower isidentifier zfill ljust rjust center
    translate expandtabs find rfind removeprefix removesuffix`,
  ),
  ...ofType(dictOf(str, any), 'items keys values get setdefault popitem'),
  ...ofType(listOf(any), 'append extend insert sort reverse'),
  ...ofType(
    { kind: 'set', of: int },
    'add union intersection difference issubset issuperset discard isdisjoint',
  ),
  ...ofType({ kind: 'bytes' }, 'decode hex'),
  ...ofType(int, 'bit_length to_bytes'),
};

/** Functions that say what their first argument is. */
const takers: Readonly<Record<string, ValueType>> = {
  ...ofType(int, 'range chr bin oct divmod abs round math.factorial math.isqrt math.gcd math.comb hex'),
  ...ofType({ kind: 'float' }, 'math.floor math.ceil math.sqrt math.sin math.cos math.log math.exp'),
  ...ofType(listOf(int), 'sum max min'),
  ...ofType(
    listOf(any),
    'enumerate iter reversed zip all any sorted list set tuple chain itertools.chain deque Counter islice',
  ),
  ...ofType(str, 'ord int float textwrap.dedent'),
};

/** What people call things. */
const names: readonly (readonly [RegExp, ValueType])[] = [
  [
    /^(n|i|j|k|m|num|number|count|size|length|width|height|index|idx|start|stop|step|limit|depth|level|year|month|day|hour|minute|second|seconds|position|pos|offset|base|digits|precision|times|total|maxsize|minimum|maximum|low|high|lo|hi)$|_(count|size|index|length|width|limit)$/,
    int,
  ],
  [/^(x|y|z|a|b|c|value|amount|ratio|weight|angle|lat|lon)$/, int],
  [
    /^(s|t|text|string|str_|word|name|line|key|path|prefix|suffix|sep|separator|delimiter|url|label|title|message|msg|source|pattern|char|ch|letter|token|filename|phrase|sentence|content|body|tag|attr|field|ident|identifier|camel|value_str)$|_(name|text|string|str|path|key)$/,
    str,
  ],
  [/^(words|names|lines|strings|keys|tokens|args|parts|paths|labels)$/, listOf(str)],
  [
    /^(xs|ys|items|seq|sequence|iterable|it|values|lst|list_|l|data|elements|numbers|nums|array|arr|collection|objs|points|rows|population|choices|vals)$|_(list|seq|items|values)$/,
    listOf(int),
  ],
  [/^(matrix|grid|table|lists|seqs|iterables|groups)$/, listOf(listOf(int))],
  [
    /^(d|dict_|dct|mapping|mappings|config|options|params|kwargs|env|context|attrs|record|obj)$|_(dict|map|mapping)$/,
    dictOf(str, int),
  ],
  [
    /^(flag|strict|reverse|verbose|ignore_case|recursive|inclusive|default)$|^(is|has|use|allow|include|keep|ignore|should)_/,
    { kind: 'bool' },
  ],
  [/^(f|func|fn|function|callback|predicate|pred|key_func|keyfunc|mapper|binop|op)$/, any],
];

/** Names of parameters that take functions, where nothing else is known of them. */
const callables = /^(f|func|fn|function|callback|predicate|pred|key_func|keyfunc|mapper|binop|op|cls|klass)$/;

/** Guesses for each positional parameter of a function, from its hints, defaults, use and name. */
export function guessTypes(tree: SyntaxTree, definition: SyntaxNode, { positional }: Parameters): Guesses[] {
  const body = childIn(definition, 'body');
  const uses =
    body === undefined
      ? new Map<string, ValueType[]>()
      : usesOf(tree, body, new Set(positional.map(({ name }) => name)));
  const called = body === undefined ? new Set<string>() : calledNames(tree, body);
  return positional.map(({ name, hint, default: written }) => {
    if (hint !== null) {
      const hinted = hintType(hint);
      return hinted === undefined ? [] : [hinted];
    }
    if (called.has(name)) return [];
    const used = uses.get(name) ?? [];
    const given = written === null ? undefined : readValue(written);
    const fromDefault = given?.ok === true && given.value.type !== 'none' ? [typeOfValue(given.value)] : [];
    const fromName = callables.test(name)
      ? []
      : names.filter(([pattern]) => pattern.test(name)).map(([, type]) => type);
    const ranked = distinct([...fromDefault, ...mostUsed(used), ...fromName]);
    if (ranked.length > 0) return [...ranked, any];
    return callables.test(name) ? [] : [any];
  });
}

/** Types that the uses of parameters speak for. */
function usesOf(
  tree: SyntaxTree,
  body: SyntaxNode,
  parameters: ReadonlySet<string>,
): Map<string, ValueType[]> {
  const found = new Map<string, ValueType[]>();
  const note = (node: SyntaxNode | undefined, type: ValueType) => {
    if (node?.type !== 'identifier') return;
    const name = textOf(tree, node);
    if (parameters.has(name)) found.set(name, [...(found.get(name) ?? []), type]);
  };
  for (const node of descendants(body)) noteUse(tree, node, note);
  return found;
}

function noteUse(
  tree: SyntaxTree,
  node: SyntaxNode,
  note: (node: SyntaxNode | undefined, type: ValueType) => void,
): void {
  switch (node.type) {
    case 'call': {
      const callee = childIn(node, 'function');
      if (callee === undefined) return;
      if (callee.type === 'attribute') {
        const attribute = childIn(callee, 'attribute');
        const type = attribute && methods[textOf(tree, attribute)];
        if (type !== undefined) note(childIn(callee, 'object'), type);
      }
      const args = childIn(node, 'arguments');
      const name = textOf(tree, callee);
      const [first, second] = args === undefined ? [] : namedChildren(args);
      const taken = takers[name] ?? takers[name.replace(/^.*\./, '')];
      if (taken !== undefined) note(first, taken);
      if (name === 'isinstance' && second !== undefined) {
        const type = hintType(textOf(tree, second).replace(/[()]/g, '').replaceAll(',', '|'));
        if (type !== undefined) note(first, type);
      }
      if (/^re\.|\.(match|search|sub|findall|fullmatch|finditer)$/.test(name)) {
        for (const argument of args === undefined ? [] : namedChildren(args)) note(argument, str);
      }
      return;
    }
    case 'for_statement':
    case 'for_in_clause':
      note(childIn(node, 'right'), listOf(any));
      return;
    case 'subscript': {
      const index = childIn(node, 'subscript');
      note(childIn(node, 'value'), index?.type === 'string' ? dictOf(str, int) : listOf(any));
      if (index?.type === 'identifier') note(index, int);
      return;
    }
    case 'comparison_operator':
    case 'binary_operator':
    case 'augmented_assignment': {
      const operands = namedChildren(node);
      const operator =
        node.children.find(({ field }) => field === 'operator' || field === 'operators')?.type ?? '';
      const literal = operands.find(({ type }) => ['integer', 'float', 'string'].includes(type));
      const type =
        literal === undefined
          ? undefined
          : ({ integer: int, float: { kind: 'float' }, string: str } as const)[literal.type as 'integer'];
      // `'%s' % x` says nothing of x, and `'-' * n` says that it is a number.
      const told =
        literal?.type === 'string' && ['%', '*'].includes(operator)
          ? operator === '*'
            ? int
            : undefined
          : type;
      for (const operand of operands) {
        if (told !== undefined) note(operand, told);
        else if (['-', '/', '//', '**', '<<', '>>', '%'].includes(operator)) note(operand, int);
      }
      return;
    }
  }
}

/** Names that are called: functions of the caller's, which are no literals. */
function calledNames(tree: SyntaxTree, body: SyntaxNode): Set<string> {
  const called = new Set<string>();
  for (const node of descendants(body)) {
    const callee = node.type === 'call' ? childIn(node, 'function') : undefined;
    if (callee?.type === 'identifier') called.add(textOf(tree, callee));
  }
  return called;
}

/** Types in order of how many uses speak for them. */
function mostUsed(types: readonly ValueType[]): ValueType[] {
  const counts = new Map<string, { type: ValueType; count: number }>();
  for (const type of types) {
    const key = JSON.stringify(type);
    counts.set(key, { type, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).map(({ type }) => type);
}

function distinct(types: readonly ValueType[]): ValueType[] {
  const seen = new Set<string>();
  const key = (type: ValueType) =>
    JSON.stringify(type, (_, each) => (typeof each === 'bigint' ? `${each}` : each));
  return types.filter((type) => !seen.has(key(type)) && seen.add(key(type)));
}

function ofType(type: ValueType, words: string): Record<string, ValueType> {
  return Object.fromEntries(words.split(/\s+/).map((word) => [word, type]));
}
