import { describe, expect, it } from 'vitest';
import {
  CampaignConfig,
  ClassWeighting,
  DropoutPlacement,
  EncoderConvention,
  ExtensionFeatures,
  LearningRateSchedule,
  NoiseUnit,
  Precision,
} from '../../../proto/gen/cpral/v1/resources.ts';
import {
  campaignConfig,
  checkPlan,
  controlConfig,
  fullConfig,
  withEncoderWeights,
} from '../../../services/shared/campaign/campaign-config.ts';
import { type CampaignFlags, PRESET_NAMES } from '../../../services/shared/campaign/campaign-flags.ts';
import { PRESETS, presetFor } from '../../../services/shared/campaign/presets.ts';

const { paper, camvid, quick } = PRESETS;

describe('presets', () => {
  it('the paper preset has the numbers of section 5', () => {
    expect(paper.config.training).toMatchObject({
      epochs: 50,
      steps: 0,
      batchSize: 4,
      learningRate: 0.001,
      schedule: LearningRateSchedule.LEARNING_RATE_SCHEDULE_STEP,
      momentum: 0.9,
      weightDecay: 0.0005,
      classWeighting: ClassWeighting.CLASS_WEIGHTING_NONE,
      flip: true,
      blur: true,
      scaleAndBrightness: false,
      network: { asppChannels: 256, decoderChannels: 256, decoderSeparable: false, dropout: 0.25 },
    });
    expect(paper.config).toMatchObject({ passes: 20, sigma: 2, extension: { minConfidence: 0, maxDistancePx: 0 } });
  });

  it('the paper preset of BDD100K labels a third of it, at its own size', () => {
    const { initialImages, budgetImages, subsetImages, cycles, size, training } = PRESETS['paper-bdd100k'].config;
    expect((initialImages + budgetImages * (cycles - 1)) / 7000).toBeCloseTo(0.343, 3);
    expect({ initialImages, budgetImages, subsetImages, size }).toEqual({
      initialImages: 400,
      budgetImages: 400,
      subsetImages: 800,
      size: { height: 720, width: 1280 },
    });
    expect(training).toEqual(paper.config.training);
  });

  it('paper is short for that of Cityscapes', () => {
    expect(paper.config).toEqual(PRESETS['paper-cityscapes'].config);
  });

  it('the paper preset labels a third of Cityscapes', () => {
    const { initialImages, budgetImages, cycles } = paper.config;
    expect((initialImages + budgetImages * (cycles - 1)) / 2975).toBeCloseTo(0.336, 3);
  });

  it.each(PRESET_NAMES)('%s predicts losses, drops features out and has even batches', (name) => {
    const { training } = PRESETS[name].config;
    expect(training!.lossPrediction!.enabled).toBe(true);
    expect(training!.network!.dropout).toBe(0.25);
    expect(training!.batchSize % 2).toBe(0);
    expect(training!.steps > 0).toBe(training!.epochs === 0);
  });

  it.each(PRESET_NAMES)('%s comes through the protocol unchanged', (name) => {
    const config = campaignConfig(PRESETS[name], 'cpral', {});
    expect(CampaignConfig.decode(CampaignConfig.encode(config).finish())).toEqual(config);
  });

  it('synthetic scenes are quick unless told otherwise, all else is like CamVid', () => {
    expect(presetFor('synthetic')).toBe('quick');
    expect(presetFor('synthetic:train=60,val=24')).toBe('quick');
    expect(presetFor('camvid:synthetic')).toBe('camvid');
  });
});

describe('flags', () => {
  it('choose the numbers of the network and where it drops channels, and leave the rest of it', () => {
    const flags = { precision: 'bfloat16', dropoutPlacement: 'classifier' } as const;
    expect(campaignConfig(camvid, 'cpral', flags).training!.network).toEqual({
      ...camvid.config.training!.network,
      precision: Precision.PRECISION_BFLOAT16,
      dropoutPlacement: DropoutPlacement.DROPOUT_PLACEMENT_CLASSIFIER,
    });
  });

  it('choose what an annotator gets wrong as a whole, and what the extension compares', () => {
    const config = campaignConfig(camvid, 'cpral', { noiseUnit: 'pixel', extensionFeatures: 'encoder' });
    expect(config.noiseUnit).toBe(NoiseUnit.NOISE_UNIT_PIXEL);
    expect(config.extension).toEqual({
      ...camvid.config.extension,
      features: ExtensionFeatures.EXTENSION_FEATURES_ENCODER,
    });
  });

  it('leave a preset as it is where there are none', () => {
    expect(campaignConfig(camvid, 'cpral', {})).toEqual({ ...camvid.config, strategy: 'cpral' });
  });

  it('replace what they name and nothing else', () => {
    const config = campaignConfig(camvid, 'random', { cycles: 2, seed: 9, batchSize: 4, oracleNoise: 0.4 });
    expect(config).toEqual({
      ...camvid.config,
      strategy: 'random',
      cycles: 2,
      seed: 9,
      oracleNoise: 0.4,
      training: { ...camvid.config.training!, batchSize: 4 },
    });
  });

  it('train a DRN with the batch of the paper where the preset is the paper’s, unless they name another', () => {
    const batchOf = (preset: typeof paper, flags: CampaignFlags) =>
      campaignConfig(preset, 'cpral', flags).training!.batchSize;
    expect(batchOf(paper, {})).toBe(4);
    expect(batchOf(paper, { encoder: 'drn-d-22' })).toBe(2);
    expect(batchOf(paper, { encoder: 'drn-d-54', batchSize: 6 })).toBe(6);
    expect(batchOf(camvid, { encoder: 'drn-d-22' })).toBe(4);
  });

  it('of steps and epochs each put the other out of force', () => {
    expect(campaignConfig(camvid, 'cpral', { epochs: 7 }).training).toMatchObject({ epochs: 7, steps: 0 });
    expect(campaignConfig(paper, 'cpral', { steps: 70 }).training).toMatchObject({ epochs: 0, steps: 70 });
  });

  it('of a budget alone ask for the subset that goes with it', () => {
    expect(campaignConfig(camvid, 'cpral', { budgetImages: 3 }).subsetImages).toBe(0);
    expect(campaignConfig(camvid, 'cpral', { budgetImages: 3, subsetImages: 5 }).subsetImages).toBe(5);
  });
});

describe('the campaigns of a run', () => {
  const weights = { digest: `sha256/${'a'.repeat(64)}`, sizeBytes: 5n };
  const config = withEncoderWeights(campaignConfig(quick, 'cpral', { oracleNoise: 0.2 }), {
    object: weights,
    encoderConvention: EncoderConvention.ENCODER_CONVENTION_PYTORCH,
  });

  it('carry the encoder weights into their training, and what those expect into the network', () => {
    expect(config.training!.encoderWeights).toEqual(weights);
    const { network } = quick.config.training!;
    const encoderConvention = EncoderConvention.ENCODER_CONVENTION_PYTORCH;
    expect(config.training!.network).toEqual({ ...network, encoderConvention });
    expect(withEncoderWeights(config, undefined).training!.encoderWeights).toBeUndefined();
  });

  it('differ from their control in the strategy alone', () => {
    expect({ ...controlConfig(config, 'random'), strategy: 'cpral' }).toEqual(config);
  });

  it('share one training on all labels, whatever they acquire', () => {
    const other = { ...config, budgetImages: 9, subsetImages: 20, regionSizePx: 5, cycles: 7, initialImages: 3 };
    expect(fullConfig(config, 60)).toEqual(fullConfig(other, 60));
    expect(fullConfig(config, 60)).toMatchObject({
      cycles: 1,
      initialImages: 60,
      oracleNoise: 0,
      training: config.training,
    });
  });

  it('takes as many steps as the labels have grown to', () => {
    const config = campaignConfig(quick, 'cpral', { stepGrowth: 0.5, steps: 100, initialImages: 8 });
    expect(fullConfig(config, 32).training).toMatchObject({ steps: 200, stepGrowth: 0 });
  });
});

describe('step growth', () => {
  it('is left out where epochs say how long a training takes', () => {
    expect(campaignConfig(quick, 'cpral', { epochs: 3 }).training).toMatchObject({
      epochs: 3,
      steps: 0,
      stepGrowth: 0,
    });
  });
});

describe('a plan that cannot work is refused before anything is imported', () => {
  const config = campaignConfig(quick, 'cpral', {});

  it.each([
    ['initial_images', { initialImages: 61 }],
    ['budget_images', { budgetImages: 18 }],
    ['region_size_px', { regionSizePx: 97 }],
    ['subset_images', { subsetImages: 53 }],
  ])('%s', (field, changes) => {
    expect(() => checkPlan({ ...config, ...changes }, 60)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', field }),
    );
  });

  it('and one that just fits is not', () => {
    expect(() => checkPlan({ ...config, initialImages: 24, budgetImages: 12, subsetImages: 12 }, 60)).not.toThrow();
    expect(() => checkPlan(fullConfig(config, 60), 60)).not.toThrow();
  });
});
