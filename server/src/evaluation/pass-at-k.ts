/**
 * The unbiased estimate of pass@k from `n` samples of which `right` are right: 1 − C(n − right, k) / C(n, k), the chance that
 * `k` of them drawn without replacement hold a right one; as a product, which does not overflow (Chen et al. 2021,
 * arXiv 2107.03374, section 2.1 and figure 3). Throws `RangeError` unless 0 ≤ right ≤ n and 1 ≤ k ≤ n.
 */
export function passAtK(n: number, right: number, k: number): number {
  if (!(k >= 1 && k <= n && right >= 0 && right <= n))
    throw new RangeError(`There is no pass@${k} of ${right} right among ${n}.`);
  if (n - right < k) return 1;
  let allWrong = 1;
  for (let drawn = n - right + 1; drawn <= n; drawn += 1) allWrong *= 1 - k / drawn;
  return 1 - allWrong;
}
