// The table: every route, and the permission that it needs. A route that does not stand here keeps the server from starting. The registry asks
// for its own permissions again, by the calls that a route makes; here a person is told before anything is asked.
import type { Permission } from '../../shared/identity/roles.ts';

const API_ROUTES: Readonly<Record<string, Permission>> = {
  'GET /openapi.json': 'anybody',
  'GET /session': 'somebody',
  'POST /session/project': 'somebody',
  'GET /campaigns': 'look',
  'GET /events': 'look',
  'GET /campaigns/:campaignId': 'look',
  'GET /campaigns/:campaignId/events': 'look',
  'GET /campaigns/:campaignId/comparison': 'look',
  'GET /campaigns/:campaignId/cycles/:cycle/selection': 'look',
  'POST /campaigns/:campaignId/pause': 'operate',
  'POST /campaigns/:campaignId/resume': 'operate',
  'POST /campaigns/:campaignId/cancel': 'operate',
  'GET /campaign-form': 'look',
  'POST /campaigns/preview': 'operate',
  'POST /campaigns': 'operate',
  'GET /datasets': 'look',
  'GET /work': 'look',
  'POST /work/redrive': 'operate',
  'GET /models': 'look',
  'GET /models/:modelId/weights': 'look',
  'POST /imports': 'operate',
  'POST /imports/:importId/files': 'operate',
  'POST /imports/:importId/start': 'operate',
  'GET /imports/:importId': 'operate',
  'GET /imports/:importId/events': 'operate',
  'DELETE /imports/:importId': 'operate',
  'GET /pictures/:digest': 'fetch',
  'GET /maps/:digest': 'fetch',
  'GET /labels/:digest': 'fetch',
  'POST /tasks/lease': 'label',
  'GET /tasks/:taskId': 'label',
  'POST /tasks/:taskId/renew': 'label',
  'PUT /tasks/:taskId/draft': 'label',
  'POST /tasks/:taskId/submit': 'label',
  'POST /tasks/:taskId/skip': 'label',
  'POST /tasks/:taskId/release': 'label',
  'GET /tasks': 'review',
  'POST /tasks/:taskId/review': 'review',
  'GET /costs': 'review',
  'GET /costs.csv': 'review',
  'GET /annotators': 'review',
  'GET /suspicious': 'review',
};

export const ROUTE_PERMISSIONS: Readonly<Record<string, Permission>> = {
  ...Object.fromEntries(
    Object.entries(API_ROUTES).map(([route, permission]) => [route.replace(' ', ' /api/v1'), permission]),
  ),
  'GET /sign-in': 'anybody',
  'GET /sign-in/done': 'anybody',
  'POST /sign-out': 'somebody',
  // The page's own files: they show nothing until somebody asks for it.
  'GET /': 'anybody',
  'GET /*': 'anybody',
};

/** @param method HEAD is answered as GET is */
export function routePermission(method: string, url: string): Permission | undefined {
  const route = `${method === 'HEAD' ? 'GET' : method} ${url}`;
  return Object.hasOwn(ROUTE_PERMISSIONS, route) ? ROUTE_PERMISSIONS[route] : undefined;
}
