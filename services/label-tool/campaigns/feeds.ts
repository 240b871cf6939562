// A feed for each who looks: what one of them sees is another's to see only where nobody has to sign in.
import { forThisPerson, personKey } from '../people/person.ts';
import { createFeed, type Feed, type FeedOptions } from './feed.ts';

export function createFeeds(options: FeedOptions): Feed {
  const feeds = new Map<string, { readonly feed: Feed; listeners: number }>();
  return {
    refresh() {
      for (const { feed } of feeds.values()) feed.refresh();
    },
    async *events(signal) {
      const key = personKey();
      const one = feeds.get(key) ?? { feed: createFeed(options), listeners: 0 };
      feeds.set(key, one);
      one.listeners++;
      try {
        yield* forThisPerson(one.feed.events(signal));
      } finally {
        one.listeners--;
        if (one.listeners === 0) feeds.delete(key);
      }
    },
  };
}
