// Every event that the registry tells: docs/events.md says the same to people, and a test keeps the two equal.
import {
  AnnotationAsked,
  AnnotationDecided,
  AnnotationDecision,
  AnnotationSubmitted,
  CampaignChanged,
  DatasetImported,
  ImageExcluded,
  ModelTrained,
  WorkItemParked,
} from '../../proto/gen/cpral/v1/events.ts';
import { CampaignState, CampaignStep } from '../../proto/gen/cpral/v1/resources.ts';

interface EventEntry<Message> {
  /** Ends the sentence "Told when ...". */
  readonly when: string;
  /** What the subject of the event is: an id. */
  readonly subject: string;
  /** The message in events.proto that the data is the JSON of. */
  readonly message: string;
  /** Counts changes that a consumer could stumble over; new fields are none. */
  readonly version: number;
  toJSON(message: Message): unknown;
  readonly example: Message;
}

const entry = <Message>(event: EventEntry<Message>) => event;

export const EVENTS = {
  'cpral.campaign.changed': entry<CampaignChanged>({
    when: 'a campaign is created, enters a step, is paused, resumed or cancelled, fails or succeeds',
    subject: 'the campaign',
    message: 'cpral.v1.CampaignChanged',
    version: 1,
    toJSON: CampaignChanged.toJSON,
    example: {
      campaignId: 'cpral-1f3a9c02',
      state: CampaignState.CAMPAIGN_STATE_RUNNING,
      step: CampaignStep.CAMPAIGN_STEP_TRAIN,
      cycle: 1,
    },
  }),
  'cpral.model.trained': entry<ModelTrained>({
    when: "a cycle's model is trained and measured",
    subject: 'the model',
    message: 'cpral.v1.ModelTrained',
    version: 1,
    toJSON: ModelTrained.toJSON,
    example: { campaignId: 'cpral-1f3a9c02', cycle: 1, modelId: 'cpral-1f3a9c02-1', miou: 0.52 },
  }),
  'cpral.work.parked': entry<WorkItemParked>({
    when: 'a work item is given up after its last attempt',
    subject: 'the work item',
    message: 'cpral.v1.WorkItemParked',
    version: 1,
    toJSON: WorkItemParked.toJSON,
    example: {
      itemId: 'cpral-1f3a9c02/1/3/0/1',
      campaignId: 'cpral-1f3a9c02',
      cause: 'the compute process ended by SIGSEGV',
    },
  }),
  'cpral.image.excluded': entry<ImageExcluded>({
    when: "an image is taken out of a campaign's pool because work on it fails",
    subject: 'the image',
    message: 'cpral.v1.ImageExcluded',
    version: 1,
    toJSON: ImageExcluded.toJSON,
    example: {
      campaignId: 'cpral-1f3a9c02',
      imageId: 'street-0042',
      cause: 'the compute process ended by SIGSEGV',
      itemId: 'cpral-1f3a9c02/1/3/0/1',
    },
  }),
  'cpral.annotation.asked': entry<AnnotationAsked>({
    when: 'people are asked: tasks wait for them',
    subject: 'the campaign',
    message: 'cpral.v1.AnnotationAsked',
    version: 1,
    toJSON: AnnotationAsked.toJSON,
    example: { campaignId: 'cpral-1f3a9c02', cycle: 1, tasks: 120n },
  }),
  'cpral.annotation.submitted': entry<AnnotationSubmitted>({
    when: 'a person has answered a task',
    subject: 'the task',
    message: 'cpral.v1.AnnotationSubmitted',
    version: 1,
    toJSON: AnnotationSubmitted.toJSON,
    example: {
      taskId: 'cpral-1f3a9c02-1-5-17',
      campaignId: 'cpral-1f3a9c02',
      imageId: 'street-0042',
      annotator: 'ada',
    },
  }),
  'cpral.annotation.decided': entry<AnnotationDecided>({
    when: "what becomes of a person's answer is decided",
    subject: 'the task',
    message: 'cpral.v1.AnnotationDecided',
    version: 1,
    toJSON: AnnotationDecided.toJSON,
    example: {
      taskId: 'cpral-1f3a9c02-1-5-17',
      campaignId: 'cpral-1f3a9c02',
      imageId: 'street-0042',
      decision: AnnotationDecision.ANNOTATION_DECISION_ACCEPTED,
    },
  }),
  'cpral.dataset.imported': entry<DatasetImported>({
    when: 'a dataset was imported and can be used',
    subject: 'the dataset',
    message: 'cpral.v1.DatasetImported',
    version: 1,
    toJSON: DatasetImported.toJSON,
    example: { datasetId: 'camvid-7be1d0a4', trainImages: 367, valImages: 101 },
  }),
};

export type EventType = keyof typeof EVENTS;
export type EventMessage<Type extends EventType> = (typeof EVENTS)[Type]['example'];
