import type { NameUse } from '../syntax/free-names.ts';
import type { Module } from './module.ts';
import type { Piece, Slice } from './slice.ts';

/** Pieces that must stand before one, and pieces that read better before it. */
interface Links {
  /** Without these its own statement fails. */
  readonly needed: ReadonlySet<Piece>;
  /** Those, what they may call, and what runs before it at import. */
  readonly before: ReadonlySet<Piece>;
  readonly rather: ReadonlySet<Piece>;
}

/**
 * The pieces of a program in the order in which a person would write them: what runs at import keeps its order, helpers
 * stand before what uses them, the entry last where nothing needs it earlier.
 */
export function orderPieces(slice: Slice): Piece[] {
  const links = findLinks(slice);
  const waiting = slice.pieces.filter((piece) => piece !== slice.entry);
  waiting.push(slice.entry);
  const ordered = new Set<Piece>();
  const stands = (pieces: ReadonlySet<Piece> = new Set()) => [...pieces].every((piece) => ordered.has(piece));
  while (waiting.length > 0) {
    const next =
      waiting.find((piece) => stands(links.get(piece)?.before) && stands(links.get(piece)?.rather)) ??
      waiting.find((piece) => piece !== slice.entry && stands(links.get(piece)?.before)) ??
      // What calls each other in a circle: not all that could be called is there when the first of them runs.
      waiting.find((piece) => stands(links.get(piece)?.needed)) ??
      waiting[0];
    if (next === undefined) break;
    ordered.add(next);
    waiting.splice(waiting.indexOf(next), 1);
  }
  return [...ordered];
}

function findLinks({ pieces, edits, names, postponesHints }: Slice): Map<Piece, Links> {
  const binding = new Map<string, Piece[]>();
  for (const piece of pieces) {
    for (const name of piece.statement.binds) {
      const its = names.of({ type: 'definition', module: piece.module, name });
      binding.set(its, [...(binding.get(its) ?? []), piece]);
    }
  }
  const nameInProgram = (module: Module, { node, pathNode, name }: NameUse) =>
    edits.get(module)?.find((edit) => edit.start === node.start && edit.end <= pathNode.end)?.text ?? name;
  const used = (piece: Piece, when: readonly NameUse['when'][]) =>
    piece.statement.free.uses
      .filter((use) => when.includes(use.when))
      .flatMap((use) => binding.get(nameInProgram(piece.module, use)) ?? []);

  const links = new Map<Piece, { needed: Set<Piece>; before: Set<Piece>; rather: Set<Piece> }>();
  const when: readonly NameUse['when'][] = postponesHints ? ['now'] : ['now', 'hint'];
  let previous: Piece | undefined;
  for (const piece of pieces) {
    // A later statement of its module that binds the name again is not what it takes.
    const needed = new Set(used(piece, when).filter((other) => other !== piece && !isLater(other, piece)));
    const before = new Set(needed);
    // What runs at import can call what it uses: all that this needs must be there too.
    for (const each of before) for (const next of used(each, ['now', 'later'])) before.add(next);
    if (!piece.statement.isDefinition) {
      if (previous !== undefined) before.add(previous);
      if (previous !== undefined && previous.module === piece.module) needed.add(previous);
      previous = piece;
    }
    before.delete(piece);
    const rather = new Set(used(piece, ['later']));
    rather.delete(piece);
    links.set(piece, { needed, before, rather });
  }
  for (const piece of pieces) {
    const names = new Set(
      piece.statement.free.uses.filter((use) => when.includes(use.when)).map(({ name }) => name),
    );
    // It takes values as they are when it runs: what gives or makes them others later must stay behind it.
    for (const other of pieces.filter((each) => isLater(each, piece))) {
      const { binds, touches, changes } = other.statement;
      if (![...binds, ...touches, ...changes].some((name) => names.has(name))) continue;
      links.get(other)?.needed.add(piece);
      links.get(other)?.before.add(piece);
    }
  }
  return links;
}

/** Whether one stands behind the other in their module. */
function isLater(piece: Piece, other: Piece): boolean {
  return piece.module === other.module && piece.statement.node.start > other.statement.node.start;
}
