import { type Editor, TOOLS } from '../work/editor.ts';
import { Icon } from './icons.tsx';
import { TOOL_TEXT } from './names.ts';

export function ToolBar({ editor }: { readonly editor: Editor }) {
  return (
    <nav class="tool-bar" aria-label="Tools">
      {TOOLS.map((name) => {
        const { name: text, key } = TOOL_TEXT[name];
        return (
          <button
            key={name}
            type="button"
            class="tool"
            aria-pressed={editor.tool.value === name}
            aria-label={text}
            aria-keyshortcuts={key}
            title={`${text} (${key})`}
            onClick={() => {
              editor.tool.value = name;
            }}
          >
            <Icon name={name} />
            <span class="key" aria-hidden="true">
              {key}
            </span>
          </button>
        );
      })}
    </nav>
  );
}
