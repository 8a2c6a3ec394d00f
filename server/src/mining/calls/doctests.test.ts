import { describe, expect, it } from 'vitest';
import { parsePython } from '../python-parser.ts';
import { doctestsIn, doctestsOf } from './doctests.ts';

describe('doctests', () => {
  it('are the examples of a string, with the lines where they stand', () => {
    const source = `x = 1

def f(x):
    """Says so.

    >>> f(1)
    2
    >>> for n in [1]:
    ...     f(n)
    ...
    2
    text
        >>> y = 3
    """
`;
    const [session, ...more] = doctestsOf(parsePython(source));
    expect(more).toEqual([]);
    expect(session?.tree.text).toBe('f(1)\nfor n in [1]:\n    f(n)\n\ny = 3\n');
    expect(session?.lines).toEqual([6, 8, 9, 10, 13]);
  });

  it('are read where the text starts with them, and in comments', () => {
    const [inString] = doctestsOf(parsePython("def f(x):\n    r'''>>> f(1)\n    2\n    '''\n"));
    expect(inString?.tree.text).toBe('f(1)\n');
  });

  it('are read in documents', () => {
    const [session] = doctestsIn('Use\n---\n\n    >>> from m import f\n    >>> f(\n    ...     1)\n    2\n');
    expect(session?.tree.text).toBe('from m import f\nf(\n    1)\n');
    expect(session?.lines).toEqual([4, 5, 6]);
    expect(doctestsIn('no examples')).toEqual([]);
  });

  it('lose only the example that is no Python', () => {
    const [session] = doctestsIn('>>> f(1)\n>>> f((\n>>> f(3)\n');
    expect(session?.tree.text).toBe('f(1)\nf(3)\n');
    expect(session?.lines).toEqual([1, 3]);
    expect(doctestsIn('>>> f((\n')).toEqual([]);
  });
});
