// The dashboard's HTTP contract from memory: what the page is tested against, with a hand on what it says and on what goes wrong.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  AnnotatorList,
  CampaignDetail,
  CampaignDraft,
  Comparison,
  ImportStatus,
  ModelView,
  WorkSummary,
  WorkView,
} from '../../../../../services/label-tool/dashboard-types.ts';
import { bodyOf, json, OWNER_SESSION, problem, send, sendFile } from '../label-server.ts';
import type { Answer } from '../task-rules.ts';
import { COMPARISON, makeCampaigns, summaryOf } from './campaigns.ts';
import { createEventHub } from './event-hub.ts';
import { FORM, previewOf } from './forms.ts';
import { ANNOTATORS, makeReviews } from './reviews.ts';
import { makeSelection } from './selection.ts';
import { MODELS, PARKED, WORK } from './work.ts';

export interface BoardData {
  campaigns: CampaignDetail[];
  comparison: Comparison;
  work: WorkSummary;
  parked: readonly WorkView[];
  models: readonly ModelView[];
  annotators: AnnotatorList;
  form: typeof FORM;
  reviews: ReturnType<typeof makeReviews>;
  selection: ReturnType<typeof makeSelection>;
}

export interface BoardRequest {
  readonly line: string;
  readonly etag: string | undefined;
  readonly body: Buffer;
}

export interface BoardServer extends AsyncDisposable {
  readonly url: string;
  readonly data: BoardData;
  /** Of the API, in order. */
  readonly requests: BoardRequest[];
  /** Answers in place of the usual ones, by the request's line, as `POST /campaigns`. */
  readonly answers: Map<string, Answer>;
  /** Requests whose line is here are held until it is taken out again. */
  readonly held: Map<string, Promise<void>>;
  /** Sends an event to all who listen at an address, as `/events`. */
  push(address: string, name: string, data: unknown): void;
  /** Cuts off all who listen to events. */
  cutEvents(): void;
  /** Bodies of requests with this line, as JSON. */
  sent(line: string): unknown[];
}

/** Their pictures take a while to draw, and nobody changes them. */
const reviews = once(makeReviews);
const selection = once(makeSelection);

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}

export async function startBoardServer(changes: Partial<BoardData> = {}): Promise<BoardServer> {
  const data: BoardData = {
    campaigns: makeCampaigns(),
    comparison: COMPARISON,
    work: WORK,
    parked: PARKED,
    models: MODELS,
    annotators: ANNOTATORS,
    form: FORM,
    reviews: reviews(),
    selection: selection(),
    ...changes,
  };
  const events = createEventHub();
  const http = createServer((request, response) => void serve(request, response));
  const server: BoardServer = {
    url: '',
    data,
    requests: [],
    answers: new Map(),
    held: new Map(),
    push: events.push,
    cutEvents: events.cut,
    sent: (line) =>
      server.requests.filter((each) => each.line === line).map(({ body }) => JSON.parse(body.toString() || '{}')),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    if (!pathname.startsWith('/api/v1')) return sendFile(response, pathname);
    const address = pathname.slice('/api/v1'.length);
    const line = `${request.method} ${address}`;
    const body = await bodyOf(request).catch(() => undefined);
    if (!body) return;
    server.requests.push({ line, etag: request.headers['if-match'], body });
    await server.held.get(line);
    const instead = server.answers.get(line);
    if (instead) return send(response, instead);
    if (address.endsWith('/events') || address === '/events') {
      events.listen(address, response);
      // The state as it is comes first.
      if (address === '/events') events.push(address, 'work', data.work);
      return;
    }
    const png = pictureAt(pathname);
    if (png) return send(response, { status: 200, type: 'image/png', body: Buffer.from(png) });
    send(response, answer(line, searchParams, body));
  }

  function pictureAt(pathname: string): Uint8Array | undefined {
    return (
      data.selection.files.get(pathname) ?? data.reviews.tasks.map(({ files }) => files.get(pathname)).find(Boolean)
    );
  }

  function answer(line: string, query: URLSearchParams, body: Buffer): Answer {
    const [method = '', address = ''] = line.split(' ');
    const [, noun, id = '', part = ''] = address.split('/').map(decodeURIComponent);
    if (noun === 'campaigns' && id && id !== 'preview') return campaignAnswer(method, id, part, query);
    switch (line) {
      case 'GET /session':
        return json(200, OWNER_SESSION);
      case 'GET /campaigns':
        return json(200, { campaigns: data.campaigns.map(summaryOf), nextPageToken: '' });
      case 'POST /campaigns':
        return json(201, summaryOf(data.campaigns[0]!));
      case 'POST /campaigns/preview':
        return json(200, previewOf(JSON.parse(body.toString()) as CampaignDraft));
      case 'GET /campaign-form':
        return json(200, data.form);
      case 'GET /work':
        return json(200, { items: data.parked, nextPageToken: '' });
      case 'POST /work/redrive':
        return redrive(JSON.parse(body.toString()));
      case 'GET /models':
        return json(200, { models: data.models });
      case 'GET /annotators':
        return json(200, data.annotators);
      case 'GET /suspicious':
        return json(200, { labels: data.reviews.suspicious, nextPageToken: '' });
      case 'GET /tasks':
        return json(200, { tasks: data.reviews.tasks.map(({ task }) => task), nextPageToken: '' });
      case 'POST /imports':
        return json(201, importStatus(JSON.parse(body.toString())));
    }
    if (noun === 'tasks' && part === 'review') return json(200, {});
    if (noun === 'imports') return method === 'DELETE' ? { status: 204 } : json(200, importStatus({}));
    return problem(404, 'No such address', address);
  }

  function campaignAnswer(method: string, id: string, part: string, query: URLSearchParams): Answer {
    const at = data.campaigns.findIndex(({ campaignId }) => campaignId === id);
    const campaign = data.campaigns[at];
    if (!campaign) return problem(404, 'No such campaign', id);
    if (method === 'POST') {
      const state = ({ pause: 'paused', resume: 'running', cancel: 'cancelled' } as const)[part]!;
      const actions = { pause: state === 'running', resume: state === 'paused', cancel: state !== 'cancelled' };
      data.campaigns[at] = { ...campaign, state, actions, etag: `${campaign.etag.slice(0, -1)}-${part}"` };
      return json(200, summaryOf(data.campaigns[at]));
    }
    if (part === 'comparison') return json(200, data.comparison);
    if (part === 'cycles') {
      const { images } = data.selection;
      // Two pages, so that there is a second one to ask for.
      const half = Math.ceil(images.length / 2);
      return json(
        200,
        query.get('pageToken')
          ? { images: images.slice(half), nextPageToken: '' }
          : { images: images.slice(0, half), nextPageToken: images.length > half ? 'half' : '' },
      );
    }
    return json(200, campaign);
  }

  function redrive({ itemIds }: { itemIds?: readonly string[] }): Answer {
    const items = data.parked.filter(({ itemId }) => !itemIds || itemIds.includes(itemId));
    data.parked = data.parked.filter((item) => !items.includes(item));
    return json(200, { items, nextPageToken: '' });
  }

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return Object.assign(server, { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/` });
}

export function importStatus(changes: Partial<ImportStatus>): ImportStatus {
  return {
    importId: 'import-1',
    format: 'masks',
    displayName: 'Harbour',
    state: 'receiving',
    files: 0,
    bytes: 0,
    imagesDone: 0,
    imagesTotal: 0,
    error: '',
    datasetId: null,
    existed: false,
    ...changes,
  };
}
