// The keys of the workbench.
import { IGNORED } from '../../api-types.ts';
import { nextHole } from '../geometry/holes.ts';
import { SUPERPIXEL_SIZES } from '../geometry/superpixel-steps.ts';
import type { Stage } from '../stage/stage.ts';
import { type Editor, OVERLAYS, TOOLS } from '../work/editor.ts';
import type { Work } from '../work/work.ts';
import type { Binding } from './key-bindings.ts';
import { classKey, IGNORE_KEY, OVERLAY_TEXT, TOOL_TEXT } from './names.ts';

/** How far the picture moves and grows by one key. */
const PAN_PX = 80;
const ZOOM_FACTOR = 1.25;
const BRUSH_FACTOR = 1.25;
const FAR_STEP_PX = 10;

export interface Commands {
  submit(): void;
  skip(): void;
  help(): void;
}

export function bindingsOf(stage: Stage, editor: Editor, work: Work, commands: Commands): Binding[] {
  return [
    ...toolBindings(editor),
    ...classBindings(editor, work),
    ...labelBindings(stage, work),
    ...sizeBindings(editor),
    ...cursorBindings(stage),
    ...viewBindings(stage),
    ...OVERLAYS.map((name) =>
      bind('Show and hide', [OVERLAY_TEXT[name].key], OVERLAY_TEXT[name].name, () => editor.toggleOverlay(name)),
    ),
    bind('Region', ['Ctrl+Enter'], 'Submit', commands.submit),
    bind('Region', ['Ctrl+Backspace'], 'Skip with a reason', commands.skip),
    bind('Region', ['?', 'F1'], 'This help', commands.help),
  ];
}

/** Goes to the next pixels without a label. @returns whether there are any */
export function goToNextHole(stage: Stage, { labelling }: Work): boolean {
  const hole = nextHole(labelling.mask, labelling.size, stage.cursor.value ?? { x: 0, y: 0 });
  if (hole) stage.jumpTo(hole.at);
  return hole !== undefined;
}

function bind(group: string, keys: readonly string[], does: string, run: () => void): Binding {
  return { group, keys, does, run };
}

function toolBindings(editor: Editor): Binding[] {
  return TOOLS.map((name) =>
    bind('Tools', [TOOL_TEXT[name].key], TOOL_TEXT[name].name, () => {
      editor.tool.value = name;
    }),
  );
}

function classBindings(editor: Editor, { task }: Work): Binding[] {
  const choose = (id: number) => () => {
    editor.classId.value = id;
  };
  const numbered = task.classes.flatMap(({ id, name }, place) => {
    const key = classKey(place);
    return key ? [bind('Classes', [key], name, choose(id))] : [];
  });
  return [...numbered, bind('Classes', [IGNORE_KEY], 'Ignore', choose(IGNORED))];
}

function labelBindings(stage: Stage, work: Work): Binding[] {
  const group = 'Labels';
  return [
    bind(group, ['P'], 'Take the prediction where nothing is labelled', stage.takePrediction),
    bind(group, ['R'], 'Label the rest with the class', stage.fillRest),
    bind(group, ['N'], 'Next unlabelled place', () => void goToNextHole(stage, work)),
    bind(group, ['Ctrl+Z', 'Z'], 'Undo', stage.undo),
    bind(group, ['Ctrl+Shift+Z', 'Ctrl+Y', 'Y'], 'Redo', stage.redo),
    bind(group, ['Enter'], 'End a line, polygon or boundary', stage.finish),
    bind(group, ['Escape'], 'Give it up', stage.cancel),
    bind(group, ['Backspace'], 'Take back its last point', stage.back),
  ];
}

function sizeBindings(editor: Editor): Binding[] {
  const group = 'Sizes';
  const brush = (factor: number, least: number) => () => {
    const now = editor.brushPx.value;
    const next = Math.round(now * factor);
    editor.resizeBrush(next === now ? now + least : next);
  };
  const superpixels = (by: number) => () => {
    const at = SUPERPIXEL_SIZES.indexOf(editor.superpixels.value) + by;
    editor.superpixels.value = SUPERPIXEL_SIZES[Math.min(SUPERPIXEL_SIZES.length - 1, Math.max(0, at))]!;
  };
  return [
    bind(group, ['['], 'Smaller brush', brush(1 / BRUSH_FACTOR, -1)),
    bind(group, [']'], 'Larger brush', brush(BRUSH_FACTOR, 1)),
    bind(group, [','], 'Finer superpixels', superpixels(-1)),
    bind(group, ['.'], 'Coarser superpixels', superpixels(1)),
    bind(group, ['O'], 'Paint over labels, or only where there are none', () => {
      editor.onlyUnlabelled.value = !editor.onlyUnlabelled.value;
    }),
  ];
}

const DIRECTIONS = [
  ['Left', -1, 0],
  ['Right', 1, 0],
  ['Up', 0, -1],
  ['Down', 0, 1],
] as const;

/** The four arrows, which the help names once. */
function arrows(group: string, prefix: string, does: string, run: (x: number, y: number) => void): Binding[] {
  return DIRECTIONS.map(([key, x, y], place) => ({
    group,
    keys: [prefix + key],
    does,
    written: place === 0 ? `${prefix}Arrows` : '',
    run: () => run(x, y),
  }));
}

function cursorBindings(stage: Stage): Binding[] {
  const group = 'Without a pointer';
  const press: Binding = {
    group,
    keys: ['Space'],
    does: 'Click; held, with arrows: drag',
    run: stage.pressAtCursor,
    released: stage.lift,
  };
  return [
    ...arrows(group, '', 'Move the cursor', (x, y) => stage.move({ x, y })),
    ...arrows(group, 'Shift+', `The same by ${FAR_STEP_PX} pixels`, (x, y) =>
      stage.move({ x: x * FAR_STEP_PX, y: y * FAR_STEP_PX }),
    ),
    press,
  ];
}

function viewBindings(stage: Stage): Binding[] {
  const group = 'View';
  return [
    bind(group, ['+', '='], 'Zoom in', () => stage.zoomBy(ZOOM_FACTOR)),
    bind(group, ['-'], 'Zoom out', () => stage.zoomBy(1 / ZOOM_FACTOR)),
    bind(group, ['V'], 'Fit the region', stage.fitWindow),
    bind(group, ['M'], 'Fit the picture', stage.fitPicture),
    ...arrows(group, 'Alt+', 'Move the picture', (x, y) => stage.panBy({ x: -x * PAN_PX, y: -y * PAN_PX })),
  ];
}
