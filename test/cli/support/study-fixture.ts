// Finished arms with the mIoU of each seed's points.
import type { ReportCampaign } from '../../../services/cli/report/report.ts';
import type { Arm, ArmResults, Claim, FigureResults, Study } from '../../../services/cli/study/study.ts';
import { campaignFixture, reportFixture } from './report-fixture.ts';

export function seeded(name: string, seed: number, mious: readonly number[]): ReportCampaign {
  return { ...campaignFixture(name, mious), id: `${name}-${seed}`, seed };
}

/** @param mious by seed from 1, the points of the curve */
export function armResults(name: string, mious: readonly (readonly number[])[], panel = ''): ArmResults {
  const arm: Arm = { name, panel, strategy: name, change: {} };
  return { arm, campaigns: mious.map((points, at) => seeded(name, at + 1, points)) };
}

export function figureResults(
  arms: readonly ArmResults[],
  { control = 'random', claims = [], full = [] }: { control?: string; claims?: Claim[]; full?: readonly number[] } = {},
): FigureResults {
  return {
    figure: {
      name: 'fig5',
      title: 'Figure 5: one of them',
      question: 'Which is best?',
      arms: arms.map(({ arm }) => arm),
      control,
      claims,
    },
    arms,
    full: full.map((miou, at) => seeded('random', at + 1, [miou])),
  };
}

export function studyFixture(figures: readonly FigureResults[], changes: Partial<Study> = {}): Study {
  const { dataset, machine, versions } = reportFixture();
  return {
    title: 'The figures of CPRAL',
    dataset,
    figures,
    config: { cycles: 4 },
    command: 'cpral reproduce fig5 --dataset camvid:data/camvid',
    failures: [],
    missing: 0,
    machine,
    versions,
    ...changes,
  };
}
