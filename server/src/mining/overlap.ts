/**
 * Runs tasks with at most `limit` of them at a time and gives their results in the tasks' order. A task that rejects ends
 * it; tasks that run then are waited for.
 */
export async function* overlap<T>(
  tasks: AsyncIterable<() => Promise<T>> | Iterable<() => Promise<T>>,
  limit: number,
): AsyncGenerator<T> {
  const running: Promise<T>[] = [];
  try {
    for await (const task of tasks) {
      const promise = task();
      // Handled where it is awaited, which can be after it has rejected.
      promise.catch(() => undefined);
      running.push(promise);
      const first = running.length === limit ? running.shift() : undefined;
      if (first !== undefined) yield await first;
    }
    for (let next = running.shift(); next !== undefined; next = running.shift()) yield await next;
  } finally {
    await Promise.allSettled(running);
  }
}
