import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packageSpec } from '../../../scripts/pypi/package-spec.mjs';

describe('packageSpec', () => {
  it.each([
    ['pypi:toolz', { name: 'toolz' }],
    ['pypi:more-itertools==10.1.0', { name: 'more-itertools', version: '10.1.0' }],
    ['pypi:zope.interface==5.0a1', { name: 'zope.interface', version: '5.0a1' }],
    ['pypi:a==1!2.0+local.1', { name: 'a', version: '1!2.0+local.1' }],
  ])('reads %s', (text, expected) => {
    expect(packageSpec(text)).toEqual(expected);
  });

  it('leaves folders alone', () => {
    expect(packageSpec('./pypi')).toBeUndefined();
  });

  it.each([
    'pypi:',
    'pypi:../x',
    'pypi:-e',
    'pypi:a b',
    'pypi:a==',
    'pypi:a>=1',
    'pypi:a==1/..',
    'pypi:a==-1',
  ])('refuses %s as wrong usage', (text) => {
    expect(() => packageSpec(text)).toThrow(expect.objectContaining({ reason: 'usage' }));
  });

  it('never lets through what means something in a path or on a command line', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const spec = packageSpec(`pypi:${text}`);
          for (const part of [spec?.name ?? '', spec?.version ?? ''])
            expect(part).not.toMatch(/[/\\\s]|^[-.]/);
        } catch (error) {
          expect(error).toMatchObject({ reason: 'usage' });
        }
      }),
    );
  });
});
