// Which screen is shown.
import { useEffect } from 'preact/hooks';
import '../styles/states.css';
import { currentRoute } from './current-route.ts';
import { Lazy } from './lazy.tsx';
import type { Route } from './route.ts';
import { Shell } from './shell.tsx';
import { Nothing } from './states.tsx';

const SCREENS = {
  label: () => import('./label-screen.tsx').then((module) => module.LabelScreen),
  campaigns: () => import('../dashboard/campaigns/campaigns-screen.tsx').then((module) => module.CampaignsScreen),
  campaign: () => import('../dashboard/campaign/campaign-screen.tsx').then((module) => module.CampaignScreen),
  create: () => import('../dashboard/create/create-screen.tsx').then((module) => module.CreateScreen),
  import: () => import('../dashboard/import/import-screen.tsx').then((module) => module.ImportScreen),
  review: () => import('../review/review-screen.tsx').then((module) => module.ReviewScreen),
};

const TITLES: Readonly<Record<Route['screen'], string>> = {
  campaigns: 'Campaigns',
  campaign: 'Campaign',
  create: 'New campaign',
  import: 'Import images',
  review: 'Review',
  label: 'Labelling',
  unknown: 'No such page',
};

export function Site() {
  const route = currentRoute.value;
  useEffect(() => {
    document.title = `CPRAL – ${TITLES[route.screen].toLowerCase()}`;
  }, [route.screen]);
  if (route.screen === 'label') return <Lazy load={SCREENS.label} props={{ campaignId: route.campaignId }} />;
  return (
    <Shell screen={route.screen}>
      <Inside route={route} />
    </Shell>
  );
}

function Inside({ route }: { readonly route: Exclude<Route, { readonly screen: 'label' }> }) {
  switch (route.screen) {
    case 'campaigns':
      return <Lazy load={SCREENS.campaigns} props={{}} />;
    case 'campaign':
      return <Lazy load={SCREENS.campaign} props={{ campaignId: route.campaignId, tab: route.tab }} />;
    case 'create':
      return <Lazy load={SCREENS.create} props={{ datasetId: route.datasetId }} />;
    case 'import':
      return <Lazy load={SCREENS.import} props={{}} />;
    case 'review':
      return <Lazy load={SCREENS.review} props={{ campaignId: route.campaignId }} />;
    case 'unknown':
      return (
        <Nothing icon="warning" title="There is no such page">
          <p>The address may be cut off, or from another version of the program.</p>
          <a class="button" href="#/">
            To the campaigns
          </a>
        </Nothing>
      );
  }
}
