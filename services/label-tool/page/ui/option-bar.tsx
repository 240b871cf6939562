// What the tool can be set to, and what steps and view need: over the picture.
import { SUPERPIXEL_SIZES } from '../geometry/superpixel-steps.ts';
import type { Stage } from '../stage/stage.ts';
import { type Editor, LARGEST_BRUSH_PX, SMALLEST_BRUSH_PX } from '../work/editor.ts';
import type { Work } from '../work/work.ts';
import { Icon, type IconName } from './icons.tsx';
import { TOOL_TEXT } from './names.ts';

const ZOOM_FACTOR = 1.25;

export interface OptionBarProps {
  readonly stage: Stage | undefined;
  readonly editor: Editor;
  readonly work: Work;
}

export function OptionBar({ stage, editor, work }: OptionBarProps) {
  const tool = editor.tool.value;
  work.revision.value;
  return (
    <div class="option-bar" role="toolbar" aria-label="Options of the tool, steps and view">
      <strong class="tool-name">{TOOL_TEXT[tool].name}</strong>
      {(tool === 'superpixel' || tool === 'line') && <SuperpixelSizes editor={editor} />}
      {(tool === 'brush' || tool === 'eraser') && <BrushSize editor={editor} />}
      {tool !== 'eraser' && tool !== 'pick' && tool !== 'hand' && tool !== 'line' && (
        <label class="check" title="Strokes leave alone what has a label (O)">
          <input
            type="checkbox"
            checked={editor.onlyUnlabelled.value}
            onChange={(event) => {
              editor.onlyUnlabelled.value = event.currentTarget.checked;
            }}
          />
          Only unlabelled
        </label>
      )}
      <span class="grow" />
      <Action icon="undo" name="Undo" keys="Ctrl+Z" disabled={!work.labelling.canUndo()} run={stage?.undo} />
      <Action icon="redo" name="Redo" keys="Ctrl+Shift+Z" disabled={!work.labelling.canRedo()} run={stage?.redo} />
      <span class="rule" />
      <Action icon="zoom-out" name="Zoom out" keys="-" run={() => stage?.zoomBy(1 / ZOOM_FACTOR)} />
      <Action icon="zoom-in" name="Zoom in" keys="+" run={() => stage?.zoomBy(ZOOM_FACTOR)} />
      <Action icon="fit" name="Fit the region" keys="V" run={stage?.fitWindow} />
      <Action icon="picture" name="Fit the picture" keys="M" run={stage?.fitPicture} />
    </div>
  );
}

interface ActionProps {
  readonly icon: IconName;
  readonly name: string;
  readonly keys: string;
  readonly disabled?: boolean;
  readonly run: (() => void) | undefined;
}

function Action({ icon, name, keys, disabled = false, run }: ActionProps) {
  return (
    <button
      type="button"
      class="square"
      aria-label={name}
      title={`${name} (${keys})`}
      disabled={disabled}
      onClick={() => run?.()}
    >
      <Icon name={icon} />
    </button>
  );
}

function SuperpixelSizes({ editor }: { readonly editor: Editor }) {
  return (
    <fieldset class="segmented">
      <legend class="hidden">Size of superpixels</legend>
      {SUPERPIXEL_SIZES.map((size) => (
        <label key={size} class={editor.superpixels.value === size ? 'chosen' : ''}>
          <input
            type="radio"
            name="superpixels"
            checked={editor.superpixels.value === size}
            onChange={() => {
              editor.superpixels.value = size;
            }}
          />
          {size}
        </label>
      ))}
    </fieldset>
  );
}

function BrushSize({ editor }: { readonly editor: Editor }) {
  return (
    <label class="slider">
      Size
      <input
        type="range"
        min={SMALLEST_BRUSH_PX}
        max={LARGEST_BRUSH_PX}
        value={editor.brushPx.value}
        onInput={(event) => editor.resizeBrush(event.currentTarget.valueAsNumber)}
      />
      <output>{editor.brushPx.value} px</output>
    </label>
  );
}
