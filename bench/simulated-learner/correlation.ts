/** Pearson's correlation of pairs. */
export function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length;
  const [x, y] = [mean(0), mean(1)];
  let [both, left, right] = [0, 0, 0];
  for (const [a, b] of pairs) {
    both += (a - x) * (b - y);
    left += (a - x) ** 2;
    right += (b - y) ** 2;
  }
  return both / Math.sqrt(left * right);
}
