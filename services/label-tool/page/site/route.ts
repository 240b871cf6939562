// What the address says, and back. The part behind # alone: the page may be served under any path, and no server has to know its screens. Pure.

export const CAMPAIGN_TABS = ['overview', 'classes', 'selection', 'cost', 'work'] as const;
export type CampaignTab = (typeof CAMPAIGN_TABS)[number];

export type Route =
  | { readonly screen: 'campaigns' }
  | { readonly screen: 'campaign'; readonly campaignId: string; readonly tab: CampaignTab }
  | { readonly screen: 'create'; readonly datasetId: string | null }
  | { readonly screen: 'import' }
  | { readonly screen: 'review'; readonly campaignId: string | null }
  | { readonly screen: 'label'; readonly campaignId: string | null }
  | { readonly screen: 'unknown' };

/** @param hash with its #, as location has it @param search of the page; a campaign in it is a link to its labelling */
export function parseRoute(hash: string, search = ''): Route {
  const { pathname, searchParams } = new URL(hash.replace(/^#\/?/, '/'), 'http://page');
  const [screen = '', id, tab = 'overview', ...rest] = pathname.split('/').slice(1);
  const campaignId = searchParams.get('campaign');
  const asked = new URLSearchParams(search).get('campaign');
  if (rest.length > 0) return { screen: 'unknown' };
  if (screen === '') return asked ? { screen: 'label', campaignId: asked } : { screen: 'campaigns' };
  if (screen === 'campaigns' && id && isTab(tab)) return { screen: 'campaign', campaignId: decode(id), tab };
  if (id !== undefined) return { screen: 'unknown' };
  if (screen === 'new') return { screen: 'create', datasetId: searchParams.get('dataset') };
  if (screen === 'import') return { screen };
  if (screen === 'review') return { screen, campaignId };
  if (screen === 'label') return { screen, campaignId: campaignId ?? asked };
  return { screen: 'unknown' };
}

export function hrefOf(route: Exclude<Route, { readonly screen: 'unknown' }>): string {
  switch (route.screen) {
    case 'campaigns':
      return '#/';
    case 'campaign': {
      const address = `#/campaigns/${encodeURIComponent(route.campaignId)}`;
      return route.tab === 'overview' ? address : `${address}/${route.tab}`;
    }
    case 'create':
      return withParameter('#/new', 'dataset', route.datasetId);
    case 'import':
      return '#/import';
    case 'review':
      return withParameter('#/review', 'campaign', route.campaignId);
    case 'label':
      return withParameter('#/label', 'campaign', route.campaignId);
  }
}

function withParameter(address: string, name: string, value: string | null): string {
  return value === null ? address : `${address}?${new URLSearchParams({ [name]: value })}`;
}

function isTab(text: string): text is CampaignTab {
  return (CAMPAIGN_TABS as readonly string[]).includes(text);
}

/** What cannot be decoded is an id that nothing has. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
