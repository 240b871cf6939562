// The screen that is shown, as a signal that follows the address.
import { signal } from '@preact/signals';
import { hrefOf, parseRoute, type Route } from './route.ts';

const read = () => parseRoute(location.hash, location.search);

export const currentRoute = signal<Route>(read());
addEventListener('hashchange', () => {
  currentRoute.value = read();
});

export function goTo(route: Parameters<typeof hrefOf>[0]): void {
  location.hash = hrefOf(route);
}
