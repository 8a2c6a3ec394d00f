import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded random choices: the same random seed makes the same choices. */
export interface Choices {
  /** A whole number in [0, 2³¹), to be a sampler's random seed. */
  randomSeed(): number;
  /** One of the items, all equally likely; undefined of none. */
  one<T>(items: readonly T[]): T | undefined;
  /** `count` distinct items in random order, fewer where there are fewer. */
  some<T>(items: readonly T[], count: number): T[];
  /** One of the items, as likely as its weight. */
  weighted<T>(items: readonly T[], weight: (item: T) => number): T | undefined;
}

export function choices(randomSeed: number): Choices {
  const generator = xoroshiro128plus(randomSeed);
  const below = (bound: number) => uniformInt(generator, 0, bound - 1);
  return {
    randomSeed: () => below(2 ** 31),
    one: (items) => (items.length === 0 ? undefined : items[below(items.length)]),
    some: (items, count) => {
      const rest = [...items];
      const chosen: typeof rest = [];
      while (chosen.length < count && rest.length > 0) chosen.push(...rest.splice(below(rest.length), 1));
      return chosen;
    },
    weighted: (items, weight) => {
      const total = items.reduce((sum, item) => sum + weight(item), 0);
      let left = (below(2 ** 30) / 2 ** 30) * total;
      for (const item of items) {
        left -= weight(item);
        if (left < 0) return item;
      }
      return items.at(-1);
    },
  };
}
