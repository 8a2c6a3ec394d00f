import { markdownBlocks } from './markdown-blocks.ts';
import { restBlocks } from './rest-blocks.ts';
import { maxSessionLines, type Session, type SessionPart, sessionOf } from './session.ts';

/**
 * The blocks of Python in a document as one session, in order: one block imports what the next one calls. Blocks with doctests are
 * not among them. `file` tells the markup: Markdown, else reStructuredText.
 */
export function codeBlocksIn(file: string, document: string): Session[] {
  const lines = document.split('\n');
  const blocks = /\.md$/i.test(file) ? markdownBlocks(lines) : restBlocks(lines);
  const parts: SessionPart[] = [];
  let count = 0;
  for (const part of blocks) {
    if (/^\s*>>>/m.test(part.code)) continue;
    count += part.code.split('\n').length;
    if (count > maxSessionLines) break;
    parts.push(part);
  }
  return sessionOf(parts);
}
