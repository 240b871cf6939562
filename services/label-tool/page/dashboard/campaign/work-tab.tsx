// Work that was given up, and the models.
import type { CampaignDetail } from '../../../dashboard-types.ts';
import { listModels } from '../../client/dashboard-client.ts';
import { useResource } from '../../client/resource.ts';
import { DataTable } from '../../plot/data-table.tsx';
import { bytesText, iouText, timeText } from '../../plot/numbers.ts';
import { Failure, Waiting } from '../../site/states.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ParkedWork } from './parked-work.tsx';

export function WorkTab({ campaign }: { readonly campaign: CampaignDetail }) {
  return (
    <>
      <ParkedWork campaign={campaign} />
      <Models campaign={campaign} />
    </>
  );
}

function Models({ campaign: { campaignId, mious } }: { readonly campaign: CampaignDetail }) {
  // A model more is trained when a number more is there.
  const list = useResource(() => listModels(campaignId), [campaignId, mious.length]);
  const loaded = list.state.value;
  if (loaded.kind === 'loading') return <Waiting what="The models" rows={1} />;
  if (loaded.kind === 'failed')
    return <Failure title="The models could not be loaded" message={loaded.message} retry={() => void list.reload()} />;
  return (
    <section class="panel" aria-labelledby="models-title">
      <h2 id="models-title">Models</h2>
      {loaded.value.models.length === 0 ? (
        <p class="quiet">None is trained yet.</p>
      ) : (
        <DataTable
          caption="Models"
          columns={[
            { name: 'Cycle' },
            { name: 'mIoU' },
            { name: 'Encoder', text: true },
            { name: 'Input' },
            { name: 'Trained', text: true },
            { name: 'Digest', text: true },
            { name: 'Weights', text: true },
          ]}
          rows={loaded.value.models.map((model) => [
            model.cycle + 1,
            iouText(model.miou),
            model.encoder,
            `${model.size.width} × ${model.size.height}`,
            timeText(model.createdAt),
            <code key={model.modelId} title={model.trainingDigest}>
              {model.trainingDigest.slice(0, 10)}
            </code>,
            <a
              key={model.download}
              href={model.download}
              download
              aria-label={`${bytesText(model.sizeBytes)}, the model of cycle ${model.cycle + 1}`}
            >
              <Icon name="download" /> {bytesText(model.sizeBytes)}
            </a>,
          ])}
        />
      )}
    </section>
  );
}
