// The keys of the review, in one table: what the keyboard does and what the help says cannot differ.
import type { Binding } from '../ui/key-bindings.ts';
import type { ReviewDesk } from './review-desk.ts';
import { LAYER_TEXT, REVIEW_LAYERS, type ReviewView } from './review-view.ts';

export interface Dialogs {
  readonly help: () => void;
  readonly sendBack: () => void;
}

export function bindingsOfReview(desk: ReviewDesk, view: ReviewView, { help, sendBack }: Dialogs): readonly Binding[] {
  const decide = 'Decide';
  const look = 'Look';
  return [
    { keys: ['A'], does: 'Accept the label', group: decide, run: () => void desk.decide(true, '') },
    { keys: ['R'], does: 'Send it back with a note', group: decide, run: sendBack },
    { keys: ['J', 'Down'], does: 'Next label', group: 'Go', run: () => desk.move(1) },
    { keys: ['K', 'Up'], does: 'Label before', group: 'Go', run: () => desk.move(-1) },
    ...REVIEW_LAYERS.map((layer, at) => ({
      keys: [String(at + 1)],
      does: `Show ${LAYER_TEXT[layer].toLowerCase()}`,
      group: look,
      run: () => {
        view.layer.value = layer;
      },
    })),
    { keys: ['['], does: 'Fainter', group: look, run: () => view.changeOpacity(-1) },
    { keys: [']'], does: 'Stronger', group: look, run: () => view.changeOpacity(1) },
    { keys: ['?'], does: 'This help', group: 'Page', run: help },
  ];
}
