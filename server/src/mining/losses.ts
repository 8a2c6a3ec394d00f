/** Why a file, a unit or a call gave no seed. */
export const losses = {
  // Files and folders.
  unreadable: 'cannot be read',
  'not-utf8': 'is not UTF-8',
  'too-large': 'is larger than the limit',
  'too-many-files': 'the folder has more files than the limit',
  syntax: 'does not parse as Python 3',
  changed: 'changed while it was mined',
  'not-recorded': 'its tests could not be run to their end',
  // Units.
  'no-parameter': 'takes no argument',
  'is-async': 'is asynchronous',
  'is-special': 'is a special method that no program calls by its own words',
  'is-nested': 'stands inside of another class or function',
  'is-conditional': 'is defined inside of another statement',
  decorated: 'has a decorator that cannot be taken along',
  'does-io': 'reads or changes something outside of itself',
  'unknown-name': 'uses a name that cannot be told',
  'name-clash': 'needs two things of one name',
  'third-party-import': 'needs a third-party package',
  'program-too-large': 'needs too much code',
  ignored: 'is kept out by a comment',
  secret: 'holds what looks like a credential',
  'no-call': 'no call of it was found, and none could be made up',
  'no-call-returns': 'no call of it was found, and none that was made up returns a value',
  // Calls.
  'call-not-literal': 'no call with literal arguments by position',
  raises: 'raises',
  limit: 'runs into a limit',
  violation: 'does what the sandbox forbids',
  crash: 'crashes the interpreter',
  refused: 'is refused by the sandbox',
  unencodable: 'returns what is no literal',
  'none-output': 'returns None',
  drifts: 'does not return the same each time',
  'trivial-output': 'returns what it is given, or always the same, where other calls tell more',
  'answer-in-prompt': 'its program shows the answer',
  duplicate: 'is the same as another one',
  'beyond-limit': 'the unit has enough seeds',
} as const;

export type Loss = keyof typeof losses;
