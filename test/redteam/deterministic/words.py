# call: (['b', 'a', 'c'],)
# call: ([],)
# call: (['x'],)
# call: (['one', 'two', 'three', 'two'],)
# call: (['Ä', 'ß', 'z', 'Z'],)
# call: (['aa', 'a', 'aaa', 'aa', 'a'],)
# call: (['left', 'right', 'left', 'up', 'down'],)
# call: (['the', 'cat', 'sat', 'on', 'the', 'mat'],)
import collections
import functools
import itertools
import json


def sorted_set(words):
    return sorted(set(words))


def number_of_different(words):
    return len(set(words))


def the_set_itself(words):
    return set(words)


def frozen(words):
    return {'all': frozenset(words)}


def unique_in_order(words):
    seen = set()
    return [word for word in words if not (word in seen or seen.add(word))]


def first_repeated(words):
    seen = set()
    for word in words:
        if word in seen:
            return word
        seen.add(word)
    return None


def is_subset(words):
    return {'left', 'right'} <= set(words)


def in_both(words):
    return sorted({'two', 'left', 'a'} & set(words))


def either_but_not_both(words):
    return sorted({'two', 'left', 'a'} ^ set(words), key=lambda word: (word.lower(), word))


def longest_by_text(words):
    return max(set(words), key=lambda word: (len(word), word), default=None)


def counted(words):
    return dict(collections.Counter(words))


def commonest(words):
    return collections.Counter(sorted(words)).most_common(1)


def by_length(words):
    groups = collections.defaultdict(list)
    for word in words:
        groups[len(word)].append(word)
    return dict(groups)


def sets_by_length(words):
    groups = collections.defaultdict(set)
    for word in words:
        groups[len(word)].add(word)
    return {size: groups[size] for size in sorted(groups)}


def ordered(words):
    return list(collections.OrderedDict.fromkeys(words))


def keys_that_are_new(words):
    known = {'two': 2, 'left': 3}
    return sorted(dict.fromkeys(words).keys() - known.keys())


def equal_hashes(words):
    return all(hash(word) == hash(word[:1] + word[1:]) for word in words)


def same_frozen_hash(words):
    return hash(frozenset(words)) == hash(frozenset(reversed(words)))


def total_length_in_any_order(words):
    return sum(len(word) for word in set(words))


def as_json(words):
    return json.dumps(dict.fromkeys(words, 1), sort_keys=True)


def all_pairs(words):
    return sorted(itertools.combinations(sorted(set(words)), 2))


def joined(words):
    return functools.reduce(lambda left, right: left + '/' + right, words, '')


def any_upper(words):
    return any(word.isupper() for word in set(words))


def indexes(words):
    return {word: index for index, word in enumerate(sorted(set(words)))}


@functools.lru_cache(maxsize=None)
def _size(word):
    return len(word)


def cached_sizes(words):
    return [_size(word) for word in words]
