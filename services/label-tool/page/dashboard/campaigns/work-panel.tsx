// Workers and queue of the whole installation.
import type { WorkSummary } from '../../../dashboard-types.ts';
import { DataTable } from '../../plot/data-table.tsx';
import { countText, percentText } from '../../plot/numbers.ts';
import { hrefOf } from '../../site/route.ts';
import { kindText } from '../names.ts';

export function WorkPanel({ work }: { readonly work: WorkSummary | undefined }) {
  if (!work) return null;
  const { queues, workers, truncated } = work;
  const least = truncated ? '≥ ' : '';
  return (
    <div class="two-columns">
      <section class="panel" aria-labelledby="queue-title">
        <h2 id="queue-title">Queue</h2>
        {queues.length === 0 ? (
          <p class="quiet">Nothing waits.</p>
        ) : (
          <DataTable
            caption="Work that waits, by kind"
            columns={[{ name: 'Kind', text: true }, { name: 'Waiting' }, { name: 'In work' }, { name: 'Parked' }]}
            rows={queues.map(({ kind, open, leased, parked }) => [
              kindText(kind),
              least + countText(open),
              least + countText(leased),
              parked > 0 ? <strong class="bad-text">{least + countText(parked)}</strong> : '0',
            ])}
          />
        )}
      </section>
      <section class="panel" aria-labelledby="workers-title">
        <h2 id="workers-title">Workers</h2>
        {workers.length === 0 ? (
          <p class="quiet">No worker holds work right now.</p>
        ) : (
          <DataTable
            caption="Workers that hold work"
            columns={[
              { name: 'Worker', text: true },
              { name: 'Does', text: true },
              { name: 'For', text: true },
              { name: 'Done' },
            ]}
            rows={workers.map(({ worker, kind, campaignId, unitsDone, unitsTotal }) => [
              worker,
              kindText(kind),
              <a key={campaignId} href={hrefOf({ screen: 'campaign', campaignId, tab: 'overview' })}>
                {campaignId}
              </a>,
              unitsTotal > 0 ? percentText(unitsDone / unitsTotal) : '–',
            ])}
          />
        )}
      </section>
    </div>
  );
}
