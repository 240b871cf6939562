// The calls of the dashboard and of the review, by name.
import type { AnnotationTask } from '../../api-types.ts';
import type {
  ActionRequest,
  AnnotatorList,
  CampaignDetail,
  CampaignDraft,
  CampaignForm,
  CampaignList,
  CampaignPreview,
  CampaignRequest,
  CampaignSummary,
  Comparison,
  ImportRequest,
  ImportStatus,
  ModelList,
  RedriveRequest,
  ReviewRequest,
  SelectionPage,
  SuspiciousList,
  TaskList,
  WorkList,
} from '../../dashboard-types.ts';
import { API, request } from './request.ts';

async function get<Result>(
  path: string,
  query: Readonly<Record<string, string | undefined | null>> = {},
): Promise<Result> {
  const parameters = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
  const search = parameters.size > 0 ? `?${parameters}` : '';
  return (await (await request(`${API}${path}${search}`)).json()) as Result;
}

async function post<Result>(
  path: string,
  json: unknown,
  options: { readonly etag?: string; readonly repeatable?: boolean } = {},
): Promise<Result> {
  return (await (await request(`${API}${path}`, { method: 'POST', json, ...options })).json()) as Result;
}

const id = encodeURIComponent;

export const eventsUrl = (campaignId?: string) =>
  campaignId ? `${API}/campaigns/${id(campaignId)}/events` : `${API}/events`;
export const importEventsUrl = (importId: string) => `${API}/imports/${id(importId)}/events`;
export const importFilesUrl = (importId: string) => `${API}/imports/${id(importId)}/files`;
export const costsCsvUrl = (campaignId: string | null) =>
  campaignId ? `${API}/costs.csv?campaignId=${id(campaignId)}` : `${API}/costs.csv`;

export const listCampaigns = (pageToken?: string) => get<CampaignList>('/campaigns', { pageToken });
export const getCampaign = (campaignId: string) => get<CampaignDetail>(`/campaigns/${id(campaignId)}`);
export const getComparison = (campaignId: string) => get<Comparison>(`/campaigns/${id(campaignId)}/comparison`);
export const getSelection = (campaignId: string, cycle: number, pageToken?: string) =>
  get<SelectionPage>(`/campaigns/${id(campaignId)}/cycles/${cycle}/selection`, { pageToken });
export const listParked = (campaignId: string) => get<WorkList>('/work', { campaignId, state: 'parked' });
export const listModels = (campaignId: string) => get<ModelList>('/models', { campaignId });
export const getForm = () => get<CampaignForm>('/campaign-form');
export const previewCampaign = (draft: CampaignDraft) =>
  post<CampaignPreview>('/campaigns/preview', draft, { repeatable: true });
export const createCampaign = (body: CampaignRequest) =>
  post<CampaignSummary>('/campaigns', body, { repeatable: true });
export const redrive = (body: RedriveRequest) => post<WorkList>('/work/redrive', body, { repeatable: true });

export type CampaignAction = 'pause' | 'resume' | 'cancel';
export const actOn = (campaign: CampaignSummary, action: CampaignAction, body: ActionRequest) =>
  post<CampaignSummary>(`/campaigns/${id(campaign.campaignId)}/${action}`, body, {
    etag: campaign.etag,
    repeatable: true,
  });

export const beginImport = (body: ImportRequest) => post<ImportStatus>('/imports', body);
export const startImport = (importId: string) => post<ImportStatus>(`/imports/${id(importId)}/start`, {});
export async function cancelImport(importId: string): Promise<void> {
  await request(`${API}/imports/${id(importId)}`, { method: 'DELETE', repeatable: true });
}

export const listSubmitted = (campaignId: string | null, pageToken?: string) =>
  get<TaskList>('/tasks', { campaignId, state: 'submitted', pageToken });
export const listSuspicious = (campaignId: string | null) => get<SuspiciousList>('/suspicious', { campaignId });
export const listAnnotators = (campaignId: string | null) => get<AnnotatorList>('/annotators', { campaignId });
export const reviewTask = (task: AnnotationTask, body: ReviewRequest) =>
  post<AnnotationTask>(`/tasks/${id(task.taskId)}/review`, body, { etag: task.etag, repeatable: true });
