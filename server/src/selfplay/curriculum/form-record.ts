import { z } from 'zod';
import type { Kind } from '../../../../protocol/kind.ts';
import { readNote } from '../../store/read-note.ts';
import type { ProposalForm } from '../../tasks/kind-spec.ts';
import type { Choices } from '../choices.ts';

/** Versions of the model whose figures are kept, newest. */
const keptVersions = 4;
/** Samples that a form's prior share weighs as much as: two groups. */
const priorSamples = 16;
/** Every form gets this share of groups at least, so that what was bad by chance or before training is seen again. */
const explored = 0.05;
/** A form that gives less is given fewer tokens. */
const poor = { rate: 0.05, tokens: 0.1 } as const;

const Tally = z.object({
  asked: z.number().int().nonnegative(),
  /** Proposals that became tasks. */
  valid: z.number().int().nonnegative(),
  /** Tokens that the model wrote for them. */
  tokens: z.number().int().nonnegative(),
});
type Tally = z.infer<typeof Tally>;

const Versions = z.array(z.object({ version: z.string(), forms: z.record(z.string(), Tally) }));

const nothing: Tally = { asked: 0, valid: 0, tokens: 0 };

/** How proposals of each form went with a version of the model: what the shares of forms follow. Kept over all runs of a folder. */
export class FormRecord {
  readonly #before: z.infer<typeof Versions>;
  readonly #version: string;
  readonly #forms: Map<string, Tally>;

  private constructor(versions: z.infer<typeof Versions>, version: string) {
    this.#version = version;
    this.#before = versions.filter((its) => its.version !== version);
    this.#forms = new Map(Object.entries(versions.find((its) => its.version === version)?.forms ?? {}));
  }

  /** Reads what `text` wrote, for this version of the model; begins anew with what cannot be read: it only costs a few groups. */
  static read(text: string | undefined, version: string): FormRecord {
    return new FormRecord(readNote(Versions, text) ?? [], version);
  }

  get text(): string {
    const newest = { version: this.#version, forms: Object.fromEntries(this.#forms) };
    return JSON.stringify([...this.#before, newest].slice(-keptVersions));
  }

  /** Counts a group of proposals. */
  add(kind: Kind, form: string, { asked, valid, tokens }: Tally): void {
    const key = `${kind}/${form}`;
    const before = this.#forms.get(key) ?? nothing;
    this.#forms.set(key, {
      asked: before.asked + asked,
      valid: before.valid + valid,
      tokens: before.tokens + tokens,
    });
  }

  /**
   * One of a kind's forms, as likely as its rate of valid and new proposals: the mean of a Beta distribution that began at the form's
   * own share, with a twentieth for each as exploration. A form of which fewer than 5 % are valid, after two groups or more, is left out
   * while it has a tenth of the kind's tokens. Undefined of none.
   */
  choose(kind: Kind, forms: readonly ProposalForm[], choices: Choices): ProposalForm | undefined {
    const tallies = forms.map((form) => ({
      form,
      tally: this.#forms.get(`${kind}/${form.name}`) ?? nothing,
    }));
    const tokens = tallies.reduce((sum, { tally }) => sum + tally.tokens, 0);
    const isSpent = ({ asked, valid, tokens: its }: Tally) =>
      asked >= priorSamples && valid < poor.rate * asked && its >= poor.tokens * tokens;
    const left = tallies.filter(({ tally }) => !isSpent(tally));
    const open = left.length > 0 ? left : tallies;
    const rates = open.map(({ form, tally }) => ({ form, rate: rate(form, tally) }));
    const sum = rates.reduce((total, its) => total + its.rate, 0);
    return choices.weighted(rates, (its) => explored + its.rate / sum)?.form;
  }
}

function rate({ share }: ProposalForm, { asked, valid }: Tally): number {
  return (priorSamples * share + valid) / (priorSamples + asked);
}
