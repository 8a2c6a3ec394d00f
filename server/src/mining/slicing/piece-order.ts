import type { NameUse } from '../syntax/free-names.ts';
import type { Module } from './module.ts';
import type { Piece, Slice } from './slice.ts';

/** Pieces that must stand before one, and pieces that read better before it. */
interface Links {
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
      waiting.find((piece) => stands(links.get(piece)?.before));
    // Import order is always right, if not the best to read.
    if (next === undefined) return [...slice.pieces];
    ordered.add(next);
    waiting.splice(waiting.indexOf(next), 1);
  }
  return [...ordered];
}

function findLinks({ pieces, edits, names }: Slice): Map<Piece, Links> {
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

  const links = new Map<Piece, Links>();
  let previous: Piece | undefined;
  for (const piece of pieces) {
    const before = new Set(used(piece, ['now', 'hint']));
    // What runs at import can call what it uses: all that this needs must be there too.
    for (const each of before) for (const next of used(each, ['now', 'later'])) before.add(next);
    if (!piece.statement.isDefinition) {
      if (previous !== undefined) before.add(previous);
      previous = piece;
    }
    before.delete(piece);
    const rather = new Set(used(piece, ['later']));
    rather.delete(piece);
    links.set(piece, { before, rather });
  }
  return links;
}
