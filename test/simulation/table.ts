// The table of docs/robustness.md: what each fault did to the seeds in which it struck.
import { FAULT_NAMES, type FaultName } from './faults.ts';
import type { SeedReport } from './simulate-seed.ts';

const DESCRIPTIONS: Readonly<Record<FaultName, string>> = {
  crash: 'a process dies, before or after any step at a port',
  queryFails: 'the connection to the database breaks before a query',
  commitUnanswered: 'the connection breaks after the commit, before its answer',
  requestLost: 'a request does not arrive',
  replyLost: 'a request is served and its answer lost',
  requestTwice: 'a request arrives again, up to 45 s later',
  requestSlow: 'a request takes up to 45 s',
  messageLost: 'the bus accepts a message of the work queue and loses it',
  messageTwice: 'the bus hands an item out again, up to 40 s later',
  publishFails: 'the bus refuses what is published',
  publishUnanswered: 'the bus accepts what is published and does not say so',
  busForgets: 'the bus loses everything that waits',
  storeFails: 'the object store refuses a call',
  childCrashes: 'the compute process dies over an item, up to twice',
  childHangs: 'the compute process is silent for 150 s',
};

export function faultTable(reports: readonly SeedReport[]): string {
  const row = (title: string, hit: readonly SeedReport[], times: number) => {
    const broken = hit.filter((report) => report.broken);
    const differing = broken.filter((report) => report.differs).length;
    return `| ${title} | ${hit.length} | ${times} | ${broken.length - differing} | ${differing} |`;
  };
  const rows = FAULT_NAMES.map((name) => {
    const hit = reports.filter((report) => report.struck.has(name));
    return row(
      DESCRIPTIONS[name],
      hit,
      hit.reduce((sum, report) => sum + (report.struck.get(name) ?? 0), 0),
    );
  });
  const times = reports.flatMap((report) => [...report.struck.values()]).reduce((sum, count) => sum + count, 0);
  return [
    '| fault | runs | times | lost | differing |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    row('all', reports, times),
  ].join('\n');
}
