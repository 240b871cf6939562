// Work that no worker could do, why, and another try at it.
import { useState } from 'preact/hooks';
import type { CampaignDetail, RedriveRequest } from '../../../dashboard-types.ts';
import { listParked, redrive } from '../../client/dashboard-client.ts';
import { describeError } from '../../client/describe-error.ts';
import { useResource } from '../../client/resource.ts';
import { DataTable } from '../../plot/data-table.tsx';
import { plural } from '../../plot/numbers.ts';
import { say } from '../../site/notice.tsx';
import { Failure, Waiting } from '../../site/states.tsx';
import { Icon } from '../../ui/icons.tsx';
import { newRequestId } from '../../work/request-id.ts';
import { kindText } from '../names.ts';

export function ParkedWork({ campaign: { campaignId, excludedImages, etag } }: { readonly campaign: CampaignDetail }) {
  const list = useResource(() => listParked(campaignId), [campaignId, etag]);
  const [busy, setBusy] = useState(false);
  const again = async (what: Omit<RedriveRequest, 'requestId'>) => {
    setBusy(true);
    try {
      const { items } = await redrive({ requestId: newRequestId(), ...what });
      say(`${plural(items.length, 'item')} will be tried again.`);
      await list.reload();
    } catch (error) {
      say(describeError(error));
    }
    setBusy(false);
  };
  const loaded = list.state.value;
  if (loaded.kind === 'loading') return <Waiting what="Parked work" rows={1} />;
  if (loaded.kind === 'failed')
    return (
      <Failure title="Parked work could not be loaded" message={loaded.message} retry={() => void list.reload()} />
    );
  const { items } = loaded.value;
  const imagesOf = (itemId: string) =>
    excludedImages.filter((image) => image.itemId === itemId).map(({ imageId }) => imageId);
  return (
    <section class="panel" aria-labelledby="parked-title">
      <header class="panel-head">
        <div>
          <h2 id="parked-title">Parked work</h2>
          <p class="quiet">
            What failed too often is put aside with its cause, and its images take no part until it is tried again.
          </p>
        </div>
        <span class="grow" />
        {items.length > 0 && (
          <button type="button" disabled={busy} onClick={() => void again({ campaignId })}>
            <Icon name="again" />
            Try all again
          </button>
        )}
      </header>
      {items.length === 0 ? (
        <p class="good-line">
          <Icon name="check" /> Nothing is parked.
        </p>
      ) : (
        <DataTable
          caption="Parked work"
          columns={[
            { name: 'Work', text: true },
            { name: 'Cycle' },
            { name: 'Cause', text: true },
            { name: 'Images', text: true },
            { name: 'Attempts' },
            { name: 'Again', text: true },
          ]}
          rows={items.map(({ itemId, kind, cycle, cause, attempts }) => [
            <span key={itemId} title={itemId}>
              {kindText(kind)}
            </span>,
            cycle + 1,
            <span key={itemId} class="cause">
              {cause}
            </span>,
            imagesOf(itemId).join(', ') || '–',
            attempts,
            <button
              key={itemId}
              type="button"
              class="small"
              disabled={busy}
              aria-label={`Try again: ${kindText(kind).toLowerCase()} ${itemId}`}
              onClick={() => void again({ itemIds: [itemId] })}
            >
              Try again
            </button>,
          ])}
        />
      )}
    </section>
  );
}
