import type { ProposalForm } from '../kind-spec.ts';
import { variantForm, variantInWords, variantPrompt } from './variant-form.ts';

/** A variant of the program of a task that was never solved, asked for in other words: read and checked as every variant is. */
export const easierForm: ProposalForm = {
  ...variantForm,
  name: 'easier',
  // Asked for where there is such a task, not by a share.
  share: 0,
  ask: ([reference], examples) => {
    if (reference === undefined) throw new RangeError('The easier form needs a reference.');
    return { ...variantForm.ask([reference]), prompt: variantPrompt(reference, 'easier', examples) };
  },
  inWords: ([reference]) => {
    if (reference === undefined) throw new RangeError('The easier form needs a reference.');
    return variantInWords(reference, 'easier');
  },
};
