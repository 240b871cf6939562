// The table: every method of every service, and the permission that it needs. What does not stand here is refused, to everybody.
import type { Permission } from './roles.ts';

const REGISTRY = {
  UploadObject: 'store',
  DownloadObject: 'fetch',
  ImportDataset: 'operate',
  GetDataset: 'look',
  ListDatasets: 'look',
  ListDatasetImages: 'look',
  ListStrategies: 'look',
  CreateCampaign: 'operate',
  GetCampaign: 'look',
  ListCampaigns: 'look',
  WatchCampaign: 'look',
  PauseCampaign: 'operate',
  ResumeCampaign: 'operate',
  ListPoolItems: 'look',
  StreamPoolItems: 'look',
  ListCycles: 'look',
  ListRegions: 'look',
  ListLabels: 'look',
  ListPreviews: 'look',
  GetModel: 'look',
  ListWorkItems: 'look',
  RedriveWorkItems: 'operate',
} as const;

const OPERATIONS = {
  GetOperation: 'look',
  ListOperations: 'look',
  CancelOperation: 'operate',
  WaitOperation: 'look',
  WatchOperation: 'look',
} as const;

const ANNOTATION = {
  LeaseAnnotationTask: 'label',
  RenewAnnotationLease: 'label',
  SaveAnnotationDraft: 'label',
  SubmitAnnotation: 'label',
  SkipAnnotationTask: 'label',
  ReleaseAnnotationTask: 'label',
  ReviewAnnotation: 'review',
  GetAnnotationTask: 'label',
  // These tell what a task is for, which its annotator must not know.
  ListAnnotationTasks: 'review',
  ListAnnotationCosts: 'review',
  SummarizeAnnotators: 'review',
  ListSuspiciousLabels: 'review',
} as const;

const ACCESS = {
  GetCaller: 'somebody',
  CreateApiKey: 'administer',
  ListApiKeys: 'administer',
  RevokeApiKey: 'administer',
  ListAuditEntries: 'administer',
} as const;

const QUEUE = {
  LeaseWorkItem: 'work',
  RenewLease: 'work',
  CompleteWorkItem: 'work',
  FailWorkItem: 'work',
  ReleaseWorkItem: 'work',
} as const;

const WORKERS = {
  'cpral.v1.Trainer': { Train: 'work' },
  'cpral.v1.PanopticScorer': { Rate: 'work', SelectCentres: 'work', TrainSampler: 'work', MeasurePicks: 'work' },
  'cpral.v1.RegionSelector': { FindRegions: 'work' },
  'cpral.v1.LabelExtender': { ExtendLabels: 'work' },
  'cpral.v1.Oracle': { Annotate: 'work' },
} as const;

const TABLE: Readonly<Record<string, Readonly<Record<string, Permission>>>> = {
  'cpral.v1.PoolRegistry': REGISTRY,
  'cpral.v1.Operations': OPERATIONS,
  'cpral.v1.AnnotationQueue': ANNOTATION,
  'cpral.v1.Access': ACCESS,
  'cpral.v1.WorkQueue': QUEUE,
  ...WORKERS,
  'grpc.health.v1.Health': { Check: 'anybody', Watch: 'anybody', List: 'anybody' },
  'grpc.reflection.v1.ServerReflection': { ServerReflectionInfo: 'anybody' },
  'grpc.reflection.v1alpha.ServerReflection': { ServerReflectionInfo: 'anybody' },
};

/** @param path as gRPC has it: /package.Service/Method @returns undefined where the table does not know it */
export function permissionOf(path: string): Permission | undefined {
  const [, service = '', method = ''] = path.split('/');
  const methods = Object.hasOwn(TABLE, service) ? TABLE[service] : undefined;
  return methods && Object.hasOwn(methods, method) ? methods[method] : undefined;
}

/** Every method in the table, as paths. */
export function methodsInTable(): string[] {
  return Object.entries(TABLE).flatMap(([service, methods]) =>
    Object.keys(methods).map((method) => `/${service}/${method}`),
  );
}
