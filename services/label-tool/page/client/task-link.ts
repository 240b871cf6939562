// The entity tag of the leased task. Whatever changes the task gives it a new one, so changes go one after the other, each with the tag
// that the one before it left.

export interface TaskLink {
  readonly taskId: string;
  etag(): string;
  /** Takes a tag that was read, not made by a change of ours. */
  adopt(etag: string): void;
  /** @param make the change; what it returns has the new tag, or none where the task leaves our hands */
  change<Result extends { readonly etag: string } | undefined>(
    make: (etag: string) => Promise<Result>,
  ): Promise<Result>;
}

export function createTaskLink(taskId: string, firstEtag: string): TaskLink {
  let etag = firstEtag;
  let last: Promise<unknown> = Promise.resolve();
  return {
    taskId,
    etag: () => etag,
    adopt(read) {
      etag = read;
    },
    change(make) {
      const next = last.then(async () => {
        const result = await make(etag);
        if (result) etag = result.etag;
        return result;
      });
      last = next.catch(() => undefined);
      return next;
    },
  };
}
