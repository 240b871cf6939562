// Types for the page and schemas for the server say the same: whoever changes one is told about the other by the compiler.
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import type * as api from '../../services/label-tool/api-types.ts';
import type * as dashboard from '../../services/label-tool/dashboard-types.ts';
import * as campaignSchemas from '../../services/label-tool/schemas/campaign-schemas.ts';
import * as commonSchemas from '../../services/label-tool/schemas/common-schemas.ts';
import * as formSchemas from '../../services/label-tool/schemas/form-schemas.ts';
import * as importSchemas from '../../services/label-tool/schemas/import-schemas.ts';
import { Problem } from '../../services/label-tool/schemas/problem-schema.ts';
import * as taskSchemas from '../../services/label-tool/schemas/task-schemas.ts';
import * as workSchemas from '../../services/label-tool/schemas/work-schemas.ts';

/** Each can be used where the other is wanted; what is missing in one, or more in it, is an error here. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;

interface Agreement {
  readonly CampaignState: Same<Static<typeof campaignSchemas.CampaignState>, dashboard.CampaignState>;
  readonly CampaignStep: Same<Static<typeof campaignSchemas.CampaignStep>, dashboard.CampaignStep>;
  readonly StepProgress: Same<Static<typeof campaignSchemas.StepProgress>, dashboard.StepProgress>;
  readonly PoolCounts: Same<Static<typeof campaignSchemas.PoolCounts>, dashboard.PoolCounts>;
  readonly CampaignActions: Same<Static<typeof campaignSchemas.CampaignActions>, dashboard.CampaignActions>;
  readonly CampaignSummary: Same<Static<typeof campaignSchemas.CampaignSummary>, dashboard.CampaignSummary>;
  readonly CampaignList: Same<Static<typeof campaignSchemas.CampaignList>, dashboard.CampaignList>;
  readonly CampaignSettings: Same<Static<typeof campaignSchemas.CampaignSettings>, dashboard.CampaignSettings>;
  readonly LabelledCounts: Same<Static<typeof campaignSchemas.LabelledCounts>, dashboard.LabelledCounts>;
  readonly EvaluationView: Same<Static<typeof campaignSchemas.EvaluationView>, dashboard.EvaluationView>;
  readonly PhaseSeconds: Same<Static<typeof campaignSchemas.PhaseSeconds>, dashboard.PhaseSeconds>;
  readonly PickQuality: Same<Static<typeof campaignSchemas.PickQuality>, dashboard.PickQuality>;
  readonly CycleView: Same<Static<typeof campaignSchemas.CycleView>, dashboard.CycleView>;
  readonly ExcludedImage: Same<Static<typeof campaignSchemas.ExcludedImage>, dashboard.ExcludedImage>;
  readonly CampaignDetail: Same<Static<typeof campaignSchemas.CampaignDetail>, dashboard.CampaignDetail>;
  readonly FullReference: Same<Static<typeof campaignSchemas.FullReference>, dashboard.FullReference>;
  readonly CurvePoint: Same<Static<typeof campaignSchemas.CurvePoint>, dashboard.CurvePoint>;
  readonly ComparedCampaign: Same<Static<typeof campaignSchemas.ComparedCampaign>, dashboard.ComparedCampaign>;
  readonly Comparison: Same<Static<typeof campaignSchemas.Comparison>, dashboard.Comparison>;
  readonly SelectedRegion: Same<Static<typeof campaignSchemas.SelectedRegion>, dashboard.SelectedRegion>;
  readonly SelectionPictures: Same<Static<typeof campaignSchemas.SelectionPictures>, dashboard.SelectionPictures>;
  readonly SelectedImage: Same<Static<typeof campaignSchemas.SelectedImage>, dashboard.SelectedImage>;
  readonly SelectionPage: Same<Static<typeof campaignSchemas.SelectionPage>, dashboard.SelectionPage>;
  readonly ActionRequest: Same<Static<typeof campaignSchemas.ActionRequest>, dashboard.ActionRequest>;
  readonly Annotator: Same<Static<typeof commonSchemas.Annotator>, dashboard.Annotator>;
  readonly PixelSize: Same<Static<typeof commonSchemas.PixelSize>, dashboard.PixelSize>;
  readonly AnnotationSettings: Same<Static<typeof commonSchemas.AnnotationSettings>, dashboard.AnnotationSettings>;
  readonly DatasetView: Same<Static<typeof formSchemas.DatasetView>, dashboard.DatasetView>;
  readonly StrategyOption: Same<Static<typeof formSchemas.StrategyOption>, dashboard.StrategyOption>;
  readonly CampaignNumbers: Same<Static<typeof formSchemas.CampaignNumbers>, dashboard.CampaignNumbers>;
  readonly PresetOption: Same<Static<typeof formSchemas.PresetOption>, dashboard.PresetOption>;
  readonly NumberLimits: Same<Static<typeof formSchemas.NumberLimits>, dashboard.NumberLimits>;
  readonly CampaignForm: Same<Static<typeof formSchemas.CampaignForm>, dashboard.CampaignForm>;
  readonly CampaignDraft: Same<Static<typeof formSchemas.CampaignDraft>, dashboard.CampaignDraft>;
  readonly CampaignRequest: Same<Static<typeof formSchemas.CampaignRequest>, dashboard.CampaignRequest>;
  readonly EstimatedSeconds: Same<Static<typeof formSchemas.EstimatedSeconds>, dashboard.EstimatedSeconds>;
  readonly CampaignPreview: Same<Static<typeof formSchemas.CampaignPreview>, dashboard.CampaignPreview>;
  readonly DatasetList: Same<Static<typeof formSchemas.DatasetList>, dashboard.DatasetList>;
  readonly ImportFormat: Same<Static<typeof importSchemas.ImportFormat>, dashboard.ImportFormat>;
  readonly ImportRequest: Same<Static<typeof importSchemas.ImportRequest>, dashboard.ImportRequest>;
  readonly ImportStatus: Same<Static<typeof importSchemas.ImportStatus>, dashboard.ImportStatus>;
  readonly TaskWindow: Same<Static<typeof taskSchemas.TaskWindow>, api.TaskWindow>;
  readonly TaskClass: Same<Static<typeof taskSchemas.TaskClass>, api.TaskClass>;
  readonly TaskPictures: Same<Static<typeof taskSchemas.TaskPictures>, api.TaskPictures>;
  readonly TaskState: Same<Static<typeof taskSchemas.TaskState>, api.TaskState>;
  readonly AnnotationTask: Same<Static<typeof taskSchemas.AnnotationTask>, api.AnnotationTask>;
  readonly LeaseRequest: Same<Static<typeof taskSchemas.LeaseRequest>, api.LeaseRequest>;
  readonly LeaseRenewed: Same<Static<typeof taskSchemas.LeaseRenewed>, api.LeaseRenewed>;
  readonly DraftSaved: Same<Static<typeof taskSchemas.DraftSaved>, api.DraftSaved>;
  readonly Cost: Same<Static<typeof taskSchemas.Cost>, api.Cost>;
  readonly SubmitRequest: Same<Static<typeof taskSchemas.SubmitRequest>, api.SubmitRequest>;
  readonly SkipRequest: Same<Static<typeof taskSchemas.SkipRequest>, api.SkipRequest>;
  readonly ReleaseRequest: Same<Static<typeof taskSchemas.ReleaseRequest>, api.ReleaseRequest>;
  readonly PeopleCost: Same<Static<typeof taskSchemas.PeopleCost>, dashboard.PeopleCost>;
  readonly ReviewRequest: Same<Static<typeof taskSchemas.ReviewRequest>, dashboard.ReviewRequest>;
  readonly ReviewedTask: Same<Static<typeof taskSchemas.ReviewedTask>, dashboard.ReviewedTask>;
  readonly TaskList: Same<Static<typeof taskSchemas.TaskList>, dashboard.TaskList>;
  readonly AnnotatorSummary: Same<Static<typeof taskSchemas.AnnotatorSummary>, dashboard.AnnotatorSummary>;
  readonly AnnotatorList: Same<Static<typeof taskSchemas.AnnotatorList>, dashboard.AnnotatorList>;
  readonly SuspiciousLabel: Same<Static<typeof taskSchemas.SuspiciousLabel>, dashboard.SuspiciousLabel>;
  readonly SuspiciousList: Same<Static<typeof taskSchemas.SuspiciousList>, dashboard.SuspiciousList>;
  readonly TaskCost: Same<Static<typeof taskSchemas.TaskCost>, dashboard.TaskCost>;
  readonly CostList: Same<Static<typeof taskSchemas.CostList>, dashboard.CostList>;
  readonly QueueDepth: Same<Static<typeof workSchemas.QueueDepth>, dashboard.QueueDepth>;
  readonly BusyWorker: Same<Static<typeof workSchemas.BusyWorker>, dashboard.BusyWorker>;
  readonly WorkSummary: Same<Static<typeof workSchemas.WorkSummary>, dashboard.WorkSummary>;
  readonly WorkState: Same<Static<typeof workSchemas.WorkState>, dashboard.WorkState>;
  readonly WorkView: Same<Static<typeof workSchemas.WorkView>, dashboard.WorkView>;
  readonly WorkList: Same<Static<typeof workSchemas.WorkList>, dashboard.WorkList>;
  readonly RedriveRequest: Same<Static<typeof workSchemas.RedriveRequest>, dashboard.RedriveRequest>;
  readonly ModelView: Same<Static<typeof workSchemas.ModelView>, dashboard.ModelView>;
  readonly ModelList: Same<Static<typeof workSchemas.ModelList>, dashboard.ModelList>;
  readonly Problem: Same<Static<typeof Problem>, api.Problem>;
}

/** Only where every line above is true can this be written. */
const AGREED: Agreement = {
  CampaignState: true,
  CampaignStep: true,
  StepProgress: true,
  PoolCounts: true,
  CampaignActions: true,
  CampaignSummary: true,
  CampaignList: true,
  CampaignSettings: true,
  LabelledCounts: true,
  EvaluationView: true,
  PhaseSeconds: true,
  PickQuality: true,
  CycleView: true,
  ExcludedImage: true,
  CampaignDetail: true,
  FullReference: true,
  CurvePoint: true,
  ComparedCampaign: true,
  Comparison: true,
  SelectedRegion: true,
  SelectionPictures: true,
  SelectedImage: true,
  SelectionPage: true,
  ActionRequest: true,
  Annotator: true,
  PixelSize: true,
  AnnotationSettings: true,
  DatasetView: true,
  StrategyOption: true,
  CampaignNumbers: true,
  PresetOption: true,
  NumberLimits: true,
  CampaignForm: true,
  CampaignDraft: true,
  CampaignRequest: true,
  EstimatedSeconds: true,
  CampaignPreview: true,
  DatasetList: true,
  ImportFormat: true,
  ImportRequest: true,
  ImportStatus: true,
  TaskWindow: true,
  TaskClass: true,
  TaskPictures: true,
  TaskState: true,
  AnnotationTask: true,
  LeaseRequest: true,
  LeaseRenewed: true,
  DraftSaved: true,
  Cost: true,
  SubmitRequest: true,
  SkipRequest: true,
  ReleaseRequest: true,
  PeopleCost: true,
  ReviewRequest: true,
  ReviewedTask: true,
  TaskList: true,
  AnnotatorSummary: true,
  AnnotatorList: true,
  SuspiciousLabel: true,
  SuspiciousList: true,
  TaskCost: true,
  CostList: true,
  QueueDepth: true,
  BusyWorker: true,
  WorkSummary: true,
  WorkState: true,
  WorkView: true,
  WorkList: true,
  RedriveRequest: true,
  ModelView: true,
  ModelList: true,
  Problem: true,
};

describe('schemas', () => {
  const schemas: Record<string, unknown> = {
    ...campaignSchemas,
    ...commonSchemas,
    ...formSchemas,
    ...importSchemas,
    ...taskSchemas,
    ...workSchemas,
    Problem,
  };

  it.each(Object.keys(AGREED))('%s can be checked, and takes not everything', (name) => {
    const schema = schemas[name] as TSchema;
    expect(Compile(schema).Check(Symbol.iterator)).toBe(false);
  });

  it('are all held against a type', () => {
    expect(Object.keys(schemas).sort()).toEqual(Object.keys(AGREED).sort());
  });
});
