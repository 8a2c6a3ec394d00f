/** A function that is given where a unit takes one. */
export interface GivenFunction {
  readonly name: string;
  readonly text: string;
}

/** By how many arguments they take: what people write in examples. */
const given: Readonly<Record<number, readonly GivenFunction[]>> = {
  0: [{ name: 'list', text: 'list' }],
  1: [
    { name: 'double', text: 'lambda x: x * 2' },
    { name: 'is_even', text: 'lambda x: x % 2 == 0' },
    { name: 'len', text: 'len' },
    { name: 'str', text: 'str' },
  ],
  2: [
    { name: 'add', text: 'lambda x, y: x + y' },
    { name: 'max', text: 'max' },
    { name: 'less', text: 'lambda x, y: x < y' },
  ],
  3: [{ name: 'sum', text: 'lambda x, y, z: x + y + z' }],
};

/** Functions of so many arguments, the most usual first; none for more than three. */
export function givenFunctions(arity: number): readonly GivenFunction[] {
  return given[arity] ?? [];
}
