// What the form of a new campaign offers, and what the server reckons from a draft.
import type {
  CampaignDraft,
  CampaignForm,
  CampaignPreview,
} from '../../../../../services/label-tool/dashboard-types.ts';
import { SCENE_CLASSES } from '../scene.ts';

const POOL_IMAGES = 367;
const PIXELS = 180 * 240;

export const FORM: CampaignForm = {
  datasets: [
    {
      datasetId: 'camvid-1',
      displayName: 'CamVid',
      classes: SCENE_CLASSES,
      trainImages: POOL_IMAGES,
      valImages: 101,
      size: { height: 360, width: 480 },
      hasGroundTruth: true,
      createdAt: '2026-11-01T08:00:00Z',
    },
    {
      datasetId: 'harbour-1',
      displayName: 'Harbour cameras',
      classes: SCENE_CLASSES.slice(0, 5),
      trainImages: 1_200,
      valImages: 80,
      size: { height: 720, width: 1280 },
      hasGroundTruth: false,
      createdAt: '2026-11-10T08:00:00Z',
    },
  ],
  strategies: [
    {
      name: 'cpral',
      summary:
        'Takes the images that the model predicts to lose most on, and in them the regions where its votes disagree.',
      wholeImages: false,
      extends: true,
    },
    {
      name: 'random',
      summary: 'Takes images by lot, the control of every comparison.',
      wholeImages: true,
      extends: false,
    },
  ],
  presets: [
    {
      name: 'camvid',
      summary: '180x240, 40 images + 3 x 20, 600 steps of batch 4: real images on a desktop',
      defaults: {
        cycles: 4,
        initialImages: 40,
        budgetImages: 20,
        subsetImages: 40,
        regionSizePx: 0,
        regionSpacingPx: 0,
        height: 180,
        width: 240,
        passes: 20,
        sigma: 2,
        seed: 0,
        encoder: 'mobilenetv2',
        pretrained: true,
        steps: 600,
        epochs: 0,
        batchSize: 4,
      },
    },
  ],
  encoders: ['mobilenetv2', 'drn-d-22'],
  limits: {
    cycles: { min: 1, max: 100, integer: true },
    initialImages: { min: 1, max: 100_000, integer: true },
    budgetImages: { min: 0.01, max: 100_000, integer: false },
    seed: { min: 0, max: 4_294_967_295, integer: true },
  },
};

export function previewOf(draft: CampaignDraft): CampaignPreview {
  const { cycles = 4, initialImages = 40, budgetImages = 20 } = draft;
  const wholeImages = draft.strategy === 'random';
  const pixels = PIXELS * (initialImages + (cycles - 1) * budgetImages);
  return {
    poolImages: POOL_IMAGES,
    initialImages,
    initialPixels: PIXELS * initialImages,
    regionsPerCycle: wholeImages ? budgetImages : Math.round((PIXELS * budgetImages) / 23 ** 2),
    pixelsPerCycle: PIXELS * budgetImages,
    regionSizePx: wholeImages ? 0 : 23,
    subsetImages: 40,
    finalFraction: pixels / (PIXELS * POOL_IMAGES),
    peopleSeconds: draft.annotator === 'people' ? pixels / 240 : null,
    computeSeconds: {
      train: 150 * cycles,
      rate: 30 * (cycles - 1),
      select: 12 * (cycles - 1),
      basisCampaignId: 'streets-random',
    },
  };
}
