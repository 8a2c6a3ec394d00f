import { parsePython } from '../../mining/python-parser.ts';
import { freeNames } from '../../mining/syntax/free-names.ts';
import { childIn, textOf } from '../../mining/syntax/syntax.ts';

/** Whether a program's entry itself names all of these functions of its module: what it binds anew under such a name is another one. */
export function callsAll(
  { program, entry }: { readonly program: string; readonly entry: string },
  names: readonly string[],
): boolean {
  if (names.length === 0) return true;
  const tree = parsePython(program);
  const definition = tree.root.children.findLast((statement) => {
    const name = statement.type === 'function_definition' ? childIn(statement, 'name') : undefined;
    return name !== undefined && textOf(tree, name) === entry;
  });
  if (definition === undefined) return false;
  const used = new Set(freeNames(tree, definition).uses.map(({ name }) => name));
  return names.every((name) => used.has(name));
}
