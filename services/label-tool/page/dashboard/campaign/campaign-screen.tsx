// One campaign: what it does now, and in five parts what it has done.
import { useEffect, useMemo } from 'preact/hooks';
import '../../styles/panels.css';
import '../../styles/campaign.css';
import type { CampaignDetail } from '../../../dashboard-types.ts';
import { CAMPAIGN_TABS, type CampaignTab, hrefOf } from '../../site/route.ts';
import { Failure, Waiting } from '../../site/states.tsx';
import { CampaignHead } from './campaign-head.tsx';
import { type CampaignFollower, followCampaign } from './campaign-view.ts';
import { ClassesTab } from './classes-tab.tsx';
import { CostTab } from './cost-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { SelectionTab } from './selection-tab.tsx';
import { WorkTab } from './work-tab.tsx';

export interface CampaignScreenProps {
  readonly campaignId: string;
  readonly tab: CampaignTab;
}

const TAB_TEXT: Readonly<Record<CampaignTab, string>> = {
  overview: 'Overview',
  classes: 'Classes',
  selection: 'Selection',
  cost: 'Cost and gain',
  work: 'Work and models',
};

export function CampaignScreen({ campaignId, tab }: CampaignScreenProps) {
  const follower = useMemo(() => followCampaign(campaignId), [campaignId]);
  useEffect(() => {
    void follower.reload();
    return () => follower.close();
  }, [follower]);
  const loaded = follower.campaign.value;
  if (loaded.kind === 'loading') return <Waiting what="The campaign" />;
  if (loaded.kind === 'failed')
    return (
      <Failure
        title={`${campaignId} could not be loaded`}
        message={loaded.message}
        retry={() => void follower.reload()}
      />
    );
  return (
    <>
      <CampaignHead campaign={loaded.value} follower={follower} />
      <nav class="tabs" aria-label="Parts of the campaign">
        {CAMPAIGN_TABS.map((each) => (
          <a
            key={each}
            class="tab"
            href={hrefOf({ screen: 'campaign', campaignId, tab: each })}
            aria-current={each === tab ? 'page' : undefined}
          >
            {TAB_TEXT[each]}
          </a>
        ))}
      </nav>
      <Tab tab={tab} campaign={loaded.value} follower={follower} />
    </>
  );
}

interface TabProps {
  readonly tab: CampaignTab;
  readonly campaign: CampaignDetail;
  readonly follower: CampaignFollower;
}

function Tab({ tab, campaign, follower }: TabProps) {
  switch (tab) {
    case 'overview':
      return <OverviewTab campaign={campaign} comparison={follower.comparison.value} />;
    case 'classes':
      return <ClassesTab campaign={campaign} />;
    case 'selection':
      return <SelectionTab campaign={campaign} />;
    case 'cost':
      return <CostTab campaign={campaign} />;
    case 'work':
      return <WorkTab campaign={campaign} />;
  }
}
