import { describe, expect, it } from 'vitest';
import { headline } from '../../../services/cli/report/headline.ts';
import type { ReportCampaign } from '../../../services/cli/report/report.ts';
import { campaignFixture, reportFixture } from '../support/report-fixture.ts';

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');
const of = (changes: Parameters<typeof reportFixture>[0]) => {
  const { title, notes } = headline(reportFixture(changes));
  return { title: plain(title), notes: plain(notes.join(' ')) };
};

describe('the headline', () => {
  it('names both results and the labelled share', () => {
    expect(of({}).title).toBe('CPRAL reaches 0.589 mIoU, random 0.553, with 27.2 % of the pixels labelled.');
  });

  it('claims no more than one seed can tell where the difference is large', () => {
    const campaigns = [campaignFixture('cpral', [0.48, 0.613]), campaignFixture('random', [0.48, 0.553])];
    expect(of({ campaigns }).notes).toContain(
      'The difference of +6.0 points is larger than what two equally good runs may differ by, 5.5 points; it is one seed, and more of them would have to confirm it.',
    );
  });

  it('tells nothing apart that two equally good runs could differ by, in either direction', () => {
    for (const miou of [0.607, 0.499]) {
      const campaigns = [campaignFixture('cpral', [0.48, miou]), campaignFixture('random', [0.48, 0.553])];
      expect(of({ campaigns }).notes).toContain('with one seed, CPRAL and random cannot be told apart');
    }
  });

  it('does not hide a loss', () => {
    const campaigns = [campaignFixture('cpral', [0.52, 0.49]), campaignFixture('random', [0.52, 0.553])];
    const { notes } = of({ campaigns });
    expect(notes).toContain('The difference of −6.3 points is larger');
    expect(notes).toContain('CPRAL lost 3.0 points');
  });

  it('calls unequal budgets unequal', () => {
    const random = campaignFixture('random', [0.48, 0.52, 0.55]);
    const { title, notes } = of({ campaigns: [campaignFixture('cpral', [0.48, 0.53]), random] });
    expect(title).toContain('with 16.3 % and 21.8 % of the pixels labelled');
    expect(notes).toContain('compares unequal budgets');
    expect(notes).not.toContain('equally good');
  });

  it('compares with all labels where they were trained on', () => {
    expect(of({}).notes).toContain(
      "CPRAL's last model has 96 % of the 0.612 that the same training reaches with all labels.",
    );
    expect(of({ full: null }).notes).not.toContain('all labels');
  });

  it('stands alone without a control, and without any model', () => {
    const [main] = reportFixture().campaigns;
    expect(of({ campaigns: [main!], full: null }).title).toBe(
      'CPRAL reaches 0.589 mIoU with 27.2 % of the pixels labelled.',
    );
    const empty: ReportCampaign = { ...main!, cycles: [] };
    expect(of({ campaigns: [empty], full: null }).title).toBe('No model is trained yet.');
  });
});
