/** Last names of what a workspace defines, and of what it calls otherwise: calls of nothing else concern its units. */
export interface WantedNames {
  /** Of functions at the top of a module, and names that imports give to something. */
  readonly functions: Set<string>;
  /** Of functions and methods. */
  readonly units: Set<string>;
}

/** Adds the names of one source text: by its words, without parsing it, so some that are none. */
export function addWantedNames(text: string, { functions, units }: WantedNames): void {
  for (const [, margin, name = ''] of text.matchAll(/^([ \t]*)(?:async[ \t]+)?def[ \t]+(\w+)/gmu)) {
    units.add(name);
    if (margin === '') functions.add(name);
  }
  for (const [, name = ''] of text.matchAll(/\bas[ \t]+([\p{L}_][\p{L}\p{N}_]*)/gu)) functions.add(name);
}
