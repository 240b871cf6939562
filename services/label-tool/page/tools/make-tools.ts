import { UNLABELLED } from '../../api-types.ts';
import type { ToolName } from '../work/editor.ts';
import { lineTool, polygonTool, wireTool } from './paths.ts';
import { brushTool, fillTool, handTool, pickTool, superpixelTool } from './strokes.ts';
import type { Tool, ToolContext } from './tool.ts';

export function makeTools(context: ToolContext): Readonly<Record<ToolName, Tool>> {
  return {
    superpixel: superpixelTool(context),
    line: lineTool(context),
    polygon: polygonTool(context),
    wire: wireTool(context),
    brush: brushTool(context, () => context.classId()),
    eraser: brushTool(context, () => UNLABELLED),
    fill: fillTool(context),
    pick: pickTool(context),
    hand: handTool(),
  };
}
