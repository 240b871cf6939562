// Who labelled how much, how fast, and how well.
import { costsCsvUrl, listAnnotators } from '../client/dashboard-client.ts';
import { useResource } from '../client/resource.ts';
import { DataTable } from '../plot/data-table.tsx';
import { countText, durationText, iouText, percentText } from '../plot/numbers.ts';
import { Failure, Waiting } from '../site/states.tsx';
import { Icon } from '../ui/icons.tsx';

export function Annotators({ campaignId }: { readonly campaignId: string | null }) {
  const list = useResource(() => listAnnotators(campaignId), [campaignId]);
  const loaded = list.state.value;
  if (loaded.kind === 'loading') return <Waiting what="The annotators" rows={1} />;
  if (loaded.kind === 'failed')
    return (
      <Failure title="The annotators could not be loaded" message={loaded.message} retry={() => void list.reload()} />
    );
  return (
    <section class="panel" aria-labelledby="annotators-title">
      <header class="panel-head">
        <div>
          <h2 id="annotators-title">Annotators</h2>
          <p class="quiet">Agreement is with others on the same regions, gold against labels that were known before.</p>
        </div>
        <span class="grow" />
        <a class="button" href={costsCsvUrl(campaignId)} download>
          <Icon name="download" />
          Costs as CSV
        </a>
      </header>
      {loaded.value.annotators.length === 0 ? (
        <p class="quiet">Nobody has labelled anything yet.</p>
      ) : (
        <DataTable
          caption="Annotators"
          columns={[
            { name: 'Name', text: true },
            { name: 'Tasks' },
            { name: 'Agreement IoU' },
            { name: 'Gold IoU' },
            { name: 'Sent back' },
            { name: 'Time' },
            { name: 'A task' },
            { name: 'Clicks' },
            { name: 'Strokes' },
            { name: 'Pixels' },
          ]}
          rows={loaded.value.annotators.map((each) => [
            each.annotator,
            countText(each.tasks),
            iouText(each.agreementIou),
            iouText(each.goldIou),
            percentText(each.returnedShare),
            durationText(each.activeSeconds),
            each.tasks > 0 ? durationText(each.activeSeconds / each.tasks) : '–',
            countText(each.clicks),
            countText(each.strokes),
            countText(each.pixels),
          ])}
        />
      )}
    </section>
  );
}
