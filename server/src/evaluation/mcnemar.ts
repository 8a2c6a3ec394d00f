/**
 * Two-sided p-value of McNemar's exact test: of the tasks on which two models differ, `onlyFirst` were got by the first alone
 * and `onlySecond` by the second alone; if neither is better, each is as likely (McNemar 1947; the exact form is the binomial
 * test of the discordant pairs: Fagerland, Lydersen, Laake 2013, section "The McNemar exact conditional test"). 1 where they
 * never differ.
 */
export function exactMcNemar(onlyFirst: number, onlySecond: number): number {
  const differing = onlyFirst + onlySecond;
  // In logarithms: 0.5 to the power of some thousand is no more a number.
  let term = -differing * Math.LN2;
  let tail = 0;
  for (let count = 0; count <= Math.min(onlyFirst, onlySecond); count += 1) {
    tail += Math.exp(term);
    term += Math.log((differing - count) / (count + 1));
  }
  return Math.min(1, 2 * tail);
}
