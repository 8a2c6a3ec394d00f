import type { Module, Statement } from './module.ts';

/**
 * The statements of a module that change what some of its others give: `TABLE.update(…)` beside `TABLE = {}`, `Options.strict = True`
 * beside the class, `string.digits = '01'` beside what uses `string`. Numbers and texts cannot be changed, so calls that only use them
 * are none.
 */
export function changingStatements(module: Module, own: ReadonlySet<Statement>): Statement[] {
  const values = new Set<string>();
  const definitions = new Set<string>();
  const imported = new Set<string>();
  const rebound = new Set(module.statements.flatMap(({ free }) => [...free.globals]));
  for (const { binds, free, isConstant, isDefinition, isShared } of own) {
    for (const { name } of free.uses) if (module.imports.has(name)) imported.add(name);
    for (const name of binds) {
      if (isDefinition) definitions.add(name);
      if (isDefinition ? isShared : !isConstant || rebound.has(name)) values.add(name);
    }
  }
  return module.statements.filter((statement) => {
    if (own.has(statement)) return false;
    const isChanged = (name: string) => definitions.has(name) || (isSetting(statement) && imported.has(name));
    if ([...statement.changes].some(isChanged)) return true;
    return statement.touches.size > 0 && reaches(module, statement.touches, values);
  });
}

/** Whether a statement sets something: `string.digits = '01'`. */
function isSetting({ node }: Statement): boolean {
  return node.type === 'expression_statement' && node.children[0]?.type === 'assignment';
}

/** Whether names lead to one of the values, through what the module's functions use. */
function reaches(module: Module, names: ReadonlySet<string>, values: ReadonlySet<string>): boolean {
  const reached = new Set(names);
  for (const name of reached) {
    if (values.has(name)) return true;
    for (const statement of module.definitions.get(name) ?? []) {
      if (!statement.isDefinition) continue;
      for (const use of statement.free.uses) reached.add(use.name);
    }
  }
  return false;
}
