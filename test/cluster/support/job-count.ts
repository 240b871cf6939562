// How many Jobs have not ended, by every change that the cluster makes known: no moment is missed between two looks.
import { openApi } from './api.ts';

interface Job {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export interface JobCount {
  /** Of all Jobs that there ever were. */
  names(): readonly string[];
  mostUnfinished(): number;
  close(): Promise<void>;
}

export async function watchJobs(namespace: string): Promise<JobCount> {
  const api = await openApi();
  const names = new Set<string>();
  const unfinished = new Set<string>();
  let most = 0;
  const watching = (async () => {
    for await (const { type, object } of api.watch<Job>(`/apis/batch/v1/namespaces/${namespace}/jobs`)) {
      const { name } = object.metadata;
      names.add(name);
      if (type === 'DELETED' || hasEnded(object)) unfinished.delete(name);
      else unfinished.add(name);
      most = Math.max(most, unfinished.size);
    }
  })();
  return {
    names: () => [...names],
    mostUnfinished: () => most,
    async close() {
      await api.close();
      await watching;
    },
  };
}

function hasEnded({ status }: Job): boolean {
  return (
    status?.conditions?.some(({ type, status: holds }) => ['Complete', 'Failed'].includes(type) && holds === 'True') ??
    false
  );
}
