import { describe, expect, it } from 'vitest';
import { hrefOf, parseRoute, type Route } from '../../../../services/label-tool/page/site/route.ts';

const ROUTES: readonly Exclude<Route, { readonly screen: 'unknown' }>[] = [
  { screen: 'campaigns' },
  { screen: 'campaign', campaignId: 'streets', tab: 'overview' },
  { screen: 'campaign', campaignId: 'a/b ?#%', tab: 'work' },
  { screen: 'create', datasetId: null },
  { screen: 'create', datasetId: 'sha 1&2' },
  { screen: 'import' },
  { screen: 'review', campaignId: null },
  { screen: 'review', campaignId: 'streets' },
  { screen: 'label', campaignId: null },
  { screen: 'label', campaignId: 'streets' },
];

describe('an address', () => {
  it.each(ROUTES)('leads back to the screen that it was made for: %o', (route) => {
    expect(parseRoute(hrefOf(route))).toEqual(route);
  });

  it('without a screen is the list of campaigns', () => {
    expect(parseRoute('')).toEqual({ screen: 'campaigns' });
    expect(parseRoute('#')).toEqual({ screen: 'campaigns' });
  });

  it('that names a campaign before its # is a link to its labelling, but not where a screen is named', () => {
    expect(parseRoute('', '?campaign=streets')).toEqual({ screen: 'label', campaignId: 'streets' });
    expect(parseRoute('#/label', '?campaign=streets')).toEqual({ screen: 'label', campaignId: 'streets' });
    expect(parseRoute('#/review', '?campaign=streets')).toEqual({ screen: 'review', campaignId: null });
  });

  it.each(['#/nothing', '#/campaigns', '#/campaigns/a/no-such-tab', '#/campaigns/a/work/more', '#/new/a'])(
    '%s leads nowhere, and says so',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ screen: 'unknown' });
    },
  );

  it('that cannot be decoded names a campaign that nobody has, and throws nothing', () => {
    expect(parseRoute('#/campaigns/%E0%A4')).toMatchObject({ screen: 'campaign', campaignId: '%E0%A4' });
  });
});
