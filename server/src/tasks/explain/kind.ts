import type { ExplainQuestion, KindSpec } from '../kind-spec.ts';
import { messageForm } from '../proposals/message-form.ts';
import { firstLine, lineEnds } from '../session.ts';
import { explainRules } from './rules.ts';

/**
 * Explain: say what a program does, in words from which somebody can write it who does not see it. The question is the one that a
 * proposer of messages gets; the answer is the rest of its line.
 */
export const explain: KindSpec<ExplainQuestion> = {
  kind: 'explain',
  promptVersion: 'explain-1',
  rules: explainRules,
  forms: [],
  ask: ({ program, entry, shown }, examples) => messageForm.ask([{ program, entry, pairs: shown }], examples),
  read: (text, finish) => {
    const message = firstLine(text).trim();
    const cut = !lineEnds(text) && finish !== 'end';
    return message === '' || cut ? null : message;
  },
  inWords: ({ program, entry, shown }) => ({
    ...messageForm.inWords([{ program, entry, pairs: shown }]),
    read: (answer) => answer.trim() || undefined,
  }),
};
