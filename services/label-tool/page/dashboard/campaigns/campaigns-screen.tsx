// Every campaign on one screen, live: what it does, how long it will take, how good it is.
import { useEffect, useMemo } from 'preact/hooks';
import '../../styles/panels.css';
import '../../styles/campaigns.css';
import { Failure, Waiting } from '../../site/states.tsx';
import { LiveChip } from '../live-chip.tsx';
import { openCampaignFeed } from './campaign-feed.ts';
import { CampaignRow } from './campaign-row.tsx';
import { FirstVisit } from './first-visit.tsx';
import { WorkPanel } from './work-panel.tsx';

export function CampaignsScreen() {
  const feed = useMemo(openCampaignFeed, []);
  useEffect(() => {
    void feed.reload();
    return () => feed.close();
  }, [feed]);
  const loaded = feed.campaigns.value;
  if (loaded.kind === 'failed')
    return (
      <Failure title="The campaigns could not be loaded" message={loaded.message} retry={() => void feed.reload()} />
    );
  if (loaded.kind === 'loading') return <Waiting what="The list of campaigns" />;
  if (loaded.value.length === 0) return <FirstVisit />;
  const running = loaded.value.filter(({ state }) => state === 'running').length;
  return (
    <>
      <header class="screen-head">
        <h1>Campaigns</h1>
        <span class="quiet">
          {running} of {loaded.value.length} running
        </span>
        <span class="grow" />
        <LiveChip state={feed.live.state.value} />
      </header>
      <ul class="campaign-list">
        {loaded.value.map((campaign) => (
          <CampaignRow key={campaign.campaignId} campaign={campaign} />
        ))}
      </ul>
      {feed.nextPageToken.value && (
        <button type="button" onClick={() => void feed.more()}>
          Older campaigns
        </button>
      )}
      <WorkPanel work={feed.work.value} />
    </>
  );
}
