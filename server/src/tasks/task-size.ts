/**
 * The largest task that a person reads in seconds and that a small model's context holds. Applied to mined and proposed
 * tasks alike; characters.
 */
export const taskSize = { program: 2_400, call: 400, output: 160 } as const;

/** Whether a question of this size is too large to be a task. */
export function tooLarge(task: {
  readonly program: string;
  readonly call: string;
  readonly output: string;
}): boolean {
  return (
    task.program.length > taskSize.program ||
    task.call.length > taskSize.call ||
    task.output.length > taskSize.output
  );
}
