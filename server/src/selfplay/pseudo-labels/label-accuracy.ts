import type { PseudoLabel } from '../../../../protocol/pseudo-label.ts';
import type { PseudoReport, Share } from '../../../../protocol/report.ts';
import { share } from '../interval.ts';

/**
 * What labels have to be right by: of R-Zero's (arXiv 2508.05004) 79, 69 and 63 % were, over three iterations, and at 63 % its 4B
 * model was worse than the iteration before.
 */
export const leastAccuracy = 0.63;

/** Labels that were checked before they are called wrong: the interval of fewer is looked at too often to be one of 95 %. */
export const leastChecked = 8;

/** How many of a version's labels on verified tasks are what execution gives. Those that got no label tell nothing of labels. */
export function labelAccuracy(labels: readonly PseudoLabel[]): Share {
  const checked = labels.flatMap(({ about }) =>
    about.type === 'probe' && about.isRight !== null ? [about.isRight] : [],
  );
  return share(checked.filter((isRight) => isRight).length, checked.length);
}

/** Whether labels are so often wrong that even the upper end of the interval is too low. */
export function isTooLow({ of, high }: Share): boolean {
  return of >= leastChecked && high < leastAccuracy;
}

/** What each version of the model gave, oldest first, so that it shows whether labels get worse. */
export function pseudoReport(labels: readonly PseudoLabel[]): PseudoReport[] {
  const versions = Map.groupBy(labels, ({ model }) => model.digest);
  return [...versions.values()].flatMap((its) => {
    const [first] = its;
    if (first === undefined) return [];
    const asked = its.filter(({ about }) => about.type === 'unanswered');
    const noLabel: PseudoReport['noLabel'] = {};
    for (const { noLabel: why } of asked) if (why !== null) noLabel[why] = (noLabel[why] ?? 0) + 1;
    const accuracy = labelAccuracy(its);
    const labelled = asked.filter(({ label }) => label !== null).length;
    return [
      {
        model: first.model,
        asked: asked.length,
        labelled,
        noLabel,
        accuracy,
        isStopped: isTooLow(accuracy),
      },
    ];
  });
}
