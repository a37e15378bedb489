// A native radio group whose choices are cards: arrow keys move, the whole card is the target.

import type { ReactNode } from "react";

type Props<T> = {
  legend: string;
  hidesLegend?: boolean;
  name: string;
  choices: readonly T[];
  idOf: (choice: T) => string;
  chosen: string | null;
  onChoose: (id: string) => void;
  isDisabled: boolean;
  children: (choice: T) => ReactNode;
};

export function ChoiceCards<T>({
  legend,
  hidesLegend,
  name,
  choices,
  idOf,
  chosen,
  onChoose,
  isDisabled,
  children,
}: Props<T>) {
  return (
    <fieldset className="choice-cards" disabled={isDisabled}>
      <legend className={hidesLegend ? "visually-hidden" : ""}>{legend}</legend>
      {choices.map((choice) => (
        <label key={idOf(choice)} className="choice-card">
          <input
            type="radio"
            name={name}
            value={idOf(choice)}
            checked={idOf(choice) === chosen}
            onChange={() => onChoose(idOf(choice))}
          />
          {children(choice)}
        </label>
      ))}
    </fieldset>
  );
}
