// The paper's figures as grids of campaigns, and our own questions. Pure.
import type { CampaignConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { isAhead, losesLess, reachesShareOfFull, savesTime } from './claims.ts';
import type { Arm, Figure } from './study.ts';

export const FIGURE_NAMES = ['fig5', 'fig6', 'fig7', 'fig8', 'time', 'decisive', 'levers'] as const;
export type FigureName = (typeof FIGURE_NAMES)[number];
/** What "all" stands for: everything that the paper shows. */
export const PAPER_FIGURES: readonly FigureName[] = ['fig5', 'fig6', 'fig7', 'fig8', 'time'];

const ONLY_PANEL = '';
const CPRAL = 'CPRAL (paper)';
const PAPER_STRATEGY = 'cpral-paper';

/** @param base what every arm of the study has in common */
export function figureNamed(name: FigureName, base: CampaignConfig): Figure {
  return FIGURES[name](base);
}

function arm(name: string, strategy: string, change: Partial<CampaignConfig> = {}, panel = ONLY_PANEL): Arm {
  return { name, panel, strategy, change };
}

const FIGURES: Readonly<Record<FigureName, (base: CampaignConfig) => Figure>> = {
  fig5: () => ({
    name: 'fig5',
    title: 'Figure 5: CPRAL among other selections',
    question: 'Which selection gives the best model for the same labelled pixels?',
    control: 'random',
    arms: [
      arm(CPRAL, PAPER_STRATEGY),
      arm('CPRAL (ours)', 'cpral'),
      ...['ta-vaal', 'vaal', 'loss-prediction', 'core-set', 'mc-dropout', 'random'].map((name) => arm(name, name)),
    ],
    claims: [
      isAhead(
        'CPRAL is above all others',
        { name: CPRAL },
        ['ta-vaal', 'vaal', 'loss-prediction', 'core-set', 'mc-dropout', 'random'].map((name) => ({ name })),
      ),
      reachesShareOfFull(
        'CPRAL has over 90 % of the mIoU of all labels at a third of them (p90)',
        { name: CPRAL },
        0.9,
      ),
    ],
  }),

  fig6: () => ({
    name: 'fig6',
    title: 'Figure 6: other panoptic selections, whole images and with regions',
    question: 'Does every panoptic selection gain by the regional one, and which of them is best with it?',
    control: 'random',
    arms: [
      arm(CPRAL, PAPER_STRATEGY),
      ...['entropy', 'confidence', 'margin'].map((name) => arm(`${name}-r`, `${name}+gaussian+paper-extension`)),
      ...['loss-prediction', 'entropy', 'confidence', 'margin', 'random'].map((name) => arm(name, name)),
    ],
    claims: [
      ...['entropy', 'confidence', 'margin'].map((name) =>
        isAhead(`${name} gains by regional selection`, { name: `${name}-r` }, [{ name }]),
      ),
      isAhead('Loss prediction gains by regional selection', { name: CPRAL }, [{ name: 'loss-prediction' }]),
      isAhead(
        'Loss prediction is the best panoptic selection (Cityscapes; on BDD100K the others are close or better)',
        { name: CPRAL },
        ['entropy-r', 'confidence-r', 'margin-r'].map((name) => ({ name })),
      ),
    ],
  }),

  fig7: () => ({
    name: 'fig7',
    title: 'Figure 7: annotators who err',
    question: 'Who loses least where 20, 40 or 60 % of the acquired segments are mislabelled?',
    control: CPRAL,
    arms: [0, 0.2, 0.4, 0.6].flatMap((oracleNoise) => [
      arm(CPRAL, PAPER_STRATEGY, { oracleNoise }, noisePanel(oracleNoise)),
      arm('loss-prediction', 'loss-prediction', { oracleNoise }, noisePanel(oracleNoise)),
      arm('core-set', 'core-set', { oracleNoise }, noisePanel(oracleNoise)),
    ]),
    claims: [
      losesLess(
        'At 20 % noise CPRAL loses less (1.6 points) than loss prediction (2.7) and core-set (4.0)',
        CPRAL,
        ['loss-prediction', 'core-set'],
        [noisePanel(0), noisePanel(0.2)],
      ),
      losesLess(
        'At 60 % noise core-set is hampered more than CPRAL',
        CPRAL,
        ['core-set'],
        [noisePanel(0), noisePanel(0.6)],
      ),
    ],
  }),

  fig8: ({ budgetImages, subsetImages }) => {
    // The paper: 200 and 40 image equivalents a cycle out of the same 400 images.
    const small = { budgetImages: budgetImages / SMALL_BUDGET_DIVISOR, subsetImages: subsetImages || 2 * budgetImages };
    const panels = [
      { panel: budgetPanel(budgetImages), change: {} },
      { panel: budgetPanel(small.budgetImages), change: small },
    ];
    return {
      name: 'fig8',
      title: 'Figure 8: what each part adds',
      question:
        'Do regions, Gaussian attention and contextual extension each add something, more so at a small budget?',
      control: 'Panoptic',
      arms: panels.flatMap(({ panel, change }) => [
        arm(CPRAL, PAPER_STRATEGY, change, panel),
        arm('w/o CLE', 'cpral-without-cle', change, panel),
        arm('w/o RGA', 'cpral-without-rga', change, panel),
        arm('Panoptic', 'panoptic', wholeImages(change), panel),
      ]),
      claims: panels.flatMap(({ panel }) => [
        isAhead(`${panel}: regions add to panoptic selection`, { name: 'w/o RGA', panel }, [
          { name: 'Panoptic', panel },
        ]),
        isAhead(`${panel}: Gaussian attention adds to regions`, { name: 'w/o CLE', panel }, [
          { name: 'w/o RGA', panel },
        ]),
        isAhead(`${panel}: contextual extension adds to attention`, { name: CPRAL, panel }, [
          { name: 'w/o CLE', panel },
        ]),
      ]),
    };
  },

  time: () => ({
    name: 'time',
    title: 'Time of an acquisition',
    question: 'How much time does panoptic selection save, where regions would else be searched for in the whole pool?',
    control: 'region-only',
    arms: [arm(CPRAL, PAPER_STRATEGY), arm('region-only', 'all+gaussian+paper-extension')],
    claims: [
      savesTime(
        'CPRAL needs 64.3 % less time than region-only selection (MobileNet; 80.8 % with DRN)',
        { name: CPRAL },
        { name: 'region-only' },
        0.643,
      ),
    ],
  }),

  decisive: () => ({
    name: 'decisive',
    title: 'CPRAL against chance',
    question: 'At the same labelled pixels, is CPRAL ahead of random images and of random regions?',
    control: 'random regions',
    arms: [
      arm('CPRAL (ours)', 'cpral'),
      arm('CPRAL (ours), whole pool', 'all+gaussian:rarity+self-training'),
      arm(CPRAL, PAPER_STRATEGY),
      arm('random images', 'random'),
      arm('random regions', 'random-r'),
      arm('random regions + self-training', 'random-r-self-training'),
    ],
    claims: [
      isAhead('Our CPRAL is ahead of both randoms', { name: 'CPRAL (ours)' }, [
        { name: 'random images' },
        { name: 'random regions' },
      ]),
      isAhead('Our CPRAL is ahead of random regions with self-training', { name: 'CPRAL (ours)' }, [
        { name: 'random regions + self-training' },
      ]),
      isAhead('Our regions of the whole pool are ahead of both randoms', { name: 'CPRAL (ours), whole pool' }, [
        { name: 'random images' },
        { name: 'random regions' },
      ]),
      isAhead(
        'Our regions of the whole pool are ahead of random regions with self-training',
        { name: 'CPRAL (ours), whole pool' },
        [{ name: 'random regions + self-training' }],
      ),
      isAhead('CPRAL as in the paper is ahead of both randoms', { name: CPRAL }, [
        { name: 'random images' },
        { name: 'random regions' },
      ]),
      reachesShareOfFull('Our CPRAL has 95 % of the mIoU of all labels', { name: 'CPRAL (ours)' }, 0.95),
    ],
  }),

  levers: ({ training, regionSizePx, size }) => {
    const plain = 'all+gaussian';
    const smaller = odd((regionSizePx || size!.height / 8) / 2);
    return {
      name: 'levers',
      title: 'Levers beyond the paper',
      question: 'What does each change of the method add to plain Gaussian attention over the whole pool?',
      control: 'attention',
      arms: [
        arm('attention', plain),
        arm('× rarity', `${plain}:rarity`),
        arm('× void discount', `${plain}:void-discount`),
        arm('× rarity + self-training', `${plain}:rarity+self-training`),
        arm('+ self-training', `${plain}+self-training`),
        arm('+ extension, guarded', `${plain}+extension`),
        arm('smaller regions', plain, { regionSizePx: smaller }),
        arm('regions apart', plain, { regionSpacingPx: smaller }),
        arm('steps that grow', plain, { training: { ...training!, stepGrowth: 0.5 } }),
        arm('random regions', 'random-r'),
        arm('random regions + self-training', 'random-r-self-training'),
      ],
      claims: [
        isAhead('Weighting by rarity adds to attention', { name: '× rarity' }, [{ name: 'attention' }]),
        isAhead('Self-training adds to attention', { name: '+ self-training' }, [{ name: 'attention' }]),
        isAhead('Attention with self-training is ahead of random regions with it', { name: '+ self-training' }, [
          { name: 'random regions + self-training' },
        ]),
      ],
    };
  },
};

const SMALL_BUDGET_DIVISOR = 5;
const noisePanel = (noise: number): string => (noise === 0 ? 'no noise' : `${noise * 100} % noise`);
const budgetPanel = (images: number): string => `${Number(images.toFixed(2))} image equivalents a cycle`;
const odd = (px: number): number => 2 * Math.floor(px / 2) + 1;

/** Whole images are asked for one by one: a budget below one would ask for none. */
function wholeImages(change: Partial<CampaignConfig>): Partial<CampaignConfig> {
  return change.budgetImages === undefined
    ? change
    : { ...change, budgetImages: Math.max(1, Math.round(change.budgetImages)) };
}
