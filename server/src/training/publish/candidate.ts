import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ExportRequest } from '../../../../protocol/trainer.ts';
import type { ModelInfo } from '../../model/endpoint.ts';

/** A model by the name that it has and the digest that the name means. */
export type NamedModel = Pick<ModelInfo, 'name' | 'digest'>;

/** The file of a round's weights, as the trainer exported it and told of it (`Exported`). */
export interface WeightsFile extends ExportRequest {
  readonly path: string;
  /** Of the file's content, 64 hex digits. */
  readonly sha256: string;
}

/** What a candidate's licence text tells of it: by this we know our own models. */
export const CandidateMark = ExportRequest.extend({
  schema: z.literal(1),
  base: z.object({ name: z.string(), digest: z.string() }),
  sha256: z.string(),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
});
export type CandidateMark = z.infer<typeof CandidateMark>;

const prefix = 'autodidact-';
const ours = /^(autodidact-.+):[0-9a-f]{12}$/;

/**
 * `autodidact-<base>:<12 hex>`, the digits of SHA-256 over the weights and what they are put upon: the same for the same, another one
 * where only the base below an adapter differs. A candidate that serves as a base gives its own base's name on.
 */
export function candidateName(
  base: NamedModel,
  { form, sha256 }: Pick<CandidateMark, 'form' | 'sha256'>,
): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([base.digest, form, sha256]))
    .digest('hex');
  return `${ours.exec(base.name)?.[1] ?? prefix + plain(base.name)}:${hash.slice(0, 12)}`;
}

/** The longest part of a name that Ollama takes is 80 characters. */
const longestBase = 60;

function plain(name: string): string {
  const letters = name
    .replace(/:latest$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-');
  return letters.slice(-longestBase).replace(/^[^a-z0-9]+/, '');
}

const markLine = 'autodidact-candidate ';

/** The licence text of a candidate: for people, and with its mark. */
export function licenceOf(mark: CandidateMark): string {
  const told = `These weights were tuned by Autodidact from ${mark.base.name}; the licence of that model applies.`;
  return `${told}\n${markLine}${JSON.stringify(mark)}`;
}

/**
 * The mark in a model's licence texts; undefined where the model is none of ours. Somebody may have made a model of their own from a
 * candidate, licence included, so a mark counts only under the name that it gives.
 */
export function markOf(name: string, license: string): CandidateMark | undefined {
  const line = license.split('\n').findLast((text) => text.startsWith(markLine));
  if (line === undefined) return undefined;
  try {
    const mark = CandidateMark.parse(JSON.parse(line.slice(markLine.length)));
    return candidateName(mark.base, mark) === name ? mark : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a name is one that we give. Only these are ever looked at to be deleted. */
export function isCandidateName(name: string): boolean {
  return ours.test(name);
}
