export interface CycleSelectProps {
  readonly cycles: readonly number[];
  readonly cycle: number;
  readonly choose: (cycle: number) => void;
}

/** People count cycles from 1. */
export function CycleSelect({ cycles, cycle, choose }: CycleSelectProps) {
  return (
    <label class="inline-field">
      Cycle
      <select value={cycle} onChange={(event) => choose(Number(event.currentTarget.value))}>
        {cycles.map((each) => (
          <option key={each} value={each}>
            {each + 1}
          </option>
        ))}
      </select>
    </label>
  );
}
