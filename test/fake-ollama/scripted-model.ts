import { createHash } from 'node:crypto';

/** One line of a completion: a piece of text with its tokens. */
export interface Piece {
  readonly response: string;
  readonly logprobs: readonly Logprob[];
}

export interface Logprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[];
}

/** What the real server gives for a token that holds a part of a character only. */
const brokenCharacter = '\uFFFD';

/**
 * Cuts a text into pieces as a byte-pair vocabulary would: words with the space before them, single digits and signs. A
 * character outside of ASCII is one piece of two tokens, each of which comes as a broken character. Log-probabilities are
 * made of the random seed, so that equal requests get equal answers.
 */
export function pieces(text: string, randomSeed: number): Piece[] {
  const parts = text.match(/ ?[A-Za-z_]+|[\s\S]/gu) ?? [];
  return parts.map((part, index) => {
    const tokens = /^[\0-\x7f]+$/.test(part) ? [part] : [brokenCharacter, brokenCharacter];
    return {
      response: part,
      logprobs: tokens.map((token, at) => ({
        token,
        logprob: -3 * fraction(`${randomSeed} ${index} ${at} ${part}`),
        bytes: [...Buffer.from(token)],
      })),
    };
  });
}

/** How many tokens a text has. */
export function countTokens(text: string): number {
  return pieces(text, 0).reduce((count, { logprobs }) => count + logprobs.length, 0);
}

function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
