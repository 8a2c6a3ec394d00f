import { parsePython } from '../../mining/python-parser.ts';
import { childIn, descendants, type SyntaxTree, textOf } from '../../mining/syntax/syntax.ts';

/** Syntax that steers what is executed. */
const steering = new Set([
  'if_statement',
  'elif_clause',
  'else_clause',
  'conditional_expression',
  'for_statement',
  'while_statement',
  'try_statement',
  'with_statement',
  'match_statement',
  'case_clause',
  'lambda',
  'function_definition',
  'class_definition',
  'list_comprehension',
  'dictionary_comprehension',
  'set_comprehension',
  'generator_expression',
  'raise_statement',
  'yield',
]);
const operations = new Set([
  'binary_operator',
  'unary_operator',
  'comparison_operator',
  'boolean_operator',
  'augmented_assignment',
  'subscript',
  'slice',
]);

/**
 * What a program does to make its output, without names, values and order: the constructs that steer it, with how many of each
 * (1, 2, or more), the operators, and the functions and methods that it calls and does not define. Coarser than a shape hash: two
 * parities of two hashes have one structure. Readable text.
 */
export function structureOf(program: string): string {
  const tree = parsePython(program);
  const own = new Set<string>();
  const counts = new Map<string, number>();
  const used = new Set<string>();
  for (const node of descendants(tree.root)) {
    if (steering.has(node.type)) {
      counts.set(node.type, Math.min(3, (counts.get(node.type) ?? 0) + 1));
      const name = childIn(node, 'name');
      if (name !== undefined) own.add(textOf(tree, name));
    } else if (operations.has(node.type)) {
      const operators = node.children.filter(({ named, type }) => !named && /[^\s()[\]:]/.test(type));
      for (const { type } of operators) used.add(type);
      if (operators.length === 0) used.add(node.type);
    } else if (node.type === 'call') {
      used.add(`${calledName(tree, node)}()`);
    }
  }
  const steered = [...counts].map(([type, count]) => (count === 1 ? type : `${count}×${type}`)).sort();
  const does = [...used].filter((name) => !own.has(name.slice(0, -2))).sort();
  return [...steered, ...does].join(' ');
}

function calledName(tree: SyntaxTree, call: Parameters<typeof childIn>[0]): string {
  const callee = childIn(call, 'function');
  const named = callee?.type === 'attribute' ? childIn(callee, 'attribute') : callee;
  return named?.type === 'identifier' ? textOf(tree, named) : '';
}

/** Output type × structure: tasks of one pattern can be learnt, guessed or exhausted together. */
export function patternOf(outputType: string, structure: string): string {
  return `${outputType} ← ${structure}`;
}
