import { type Editor, LEAST_BRIGHTNESS, MOST_BRIGHTNESS, OVERLAYS, type OverlayName } from '../work/editor.ts';
import type { Work } from '../work/work.ts';
import { OVERLAY_TEXT } from './names.ts';

export function OverlayList({ work, editor }: { readonly work: Work; readonly editor: Editor }) {
  const { label, prediction, entropy } = work.pictures;
  const missing: Partial<Record<OverlayName, boolean>> = {
    existing: !label,
    prediction: !prediction,
    entropy: !entropy,
  };
  return (
    <fieldset class="overlays">
      <legend>Show</legend>
      {OVERLAYS.filter((name) => !missing[name]).map((name) => {
        const { shown, opacity } = editor.overlays.value[name];
        const { name: text, key } = OVERLAY_TEXT[name];
        return (
          <div key={name} class="overlay">
            <label class="check" title={`${text} (${key})`}>
              <input type="checkbox" checked={shown} onChange={() => editor.toggleOverlay(name)} />
              {text}
            </label>
            <input
              type="range"
              min={0.05}
              max={1}
              step={0.05}
              value={opacity}
              disabled={!shown}
              aria-label={`Opacity of ${text.toLowerCase()}`}
              onInput={(event) => editor.setOverlay(name, { opacity: event.currentTarget.valueAsNumber })}
            />
          </div>
        );
      })}
      <label class="overlay">
        <span class="indented">Brightness</span>
        <input
          type="range"
          min={LEAST_BRIGHTNESS}
          max={MOST_BRIGHTNESS}
          step={0.1}
          value={editor.brightness.value}
          onInput={(event) => {
            editor.brightness.value = event.currentTarget.valueAsNumber;
          }}
        />
      </label>
    </fieldset>
  );
}
